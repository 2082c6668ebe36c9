import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MeasuringDevice, ModelFiles } from '@leti/devices'
import { writeModel } from '@leti/formats'
import { kernelRecord, networkOf, type OperatorPair } from '@leti/spaces'

/** How often the two networks of one kernel run it. */
const DEPTHS = [8, 24] as const

/** The quickest run of each of a kernel's two networks, in ms. */
export type Reading = readonly [shallow: number, deep: number]

/** @throws {LetiError} as the device's `measure` does */
export async function readKernel(
  nodes: OperatorPair['nodes']['both'],
  device: MeasuringDevice,
): Promise<Reading> {
  const read = async (depth: number): Promise<number> => {
    const record = kernelRecord(nodes, depth)
    const folder = await mkdtemp(join(tmpdir(), 'leti-'))
    const model: ModelFiles = {
      file: async (format) =>
        (await writeModel(networkOf(record), format, folder, 0)).path as string,
    }
    try {
      return (await device.measure(model)).measurement.latency_ms.min
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return [await read(DEPTHS[0]), await read(DEPTHS[1])]
}

/**
 * What one run of a kernel takes, in ms, without the overhead of a call: what deepens the network by one.
 * Whatever disturbs a run makes it slower: the least time of each network counts.
 */
export function timeOf(readings: readonly Reading[]): number {
  const least = (depth: 0 | 1): number => Math.min(...readings.map((reading) => reading[depth]))
  return (least(1) - least(0)) / (DEPTHS[1] - DEPTHS[0])
}
