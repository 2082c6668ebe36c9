import { rm } from 'node:fs/promises'
import { temporaryFolder, type MeasuringDevice, type ModelFiles } from '@leti/devices'
import { writeModel } from '@leti/formats'
import { kernelRecord, networkOf, type OperatorPair } from '@leti/spaces'

/** How many times each of a kernel's two networks contains it. */
const DEPTHS = [8, 24] as const

/** The fastest run of each of a kernel's two networks, in ms. */
export type Reading = readonly [shallow: number, deep: number]

/**
 * Measures the two networks of a kernel once.
 *
 * @throws {LetiError} see `MeasuringDevice.measure`
 */
export async function readKernel(
  nodes: OperatorPair['nodes']['both'],
  device: MeasuringDevice,
): Promise<Reading> {
  const read = async (depth: number): Promise<number> => {
    const record = kernelRecord(nodes, depth)
    const folder = await temporaryFolder()
    const model: ModelFiles = {
      file: async (format) =>
        (await writeModel(networkOf(record).executed, format, folder, 0)).path,
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
 * The time of one kernel in ms, without the overhead of a call: the difference between the two networks,
 * divided by the difference of their depths. Disturbances only make a run slower, so the fastest run of
 * each network counts.
 */
export function timeOf(readings: readonly Reading[]): number {
  const fastest = (depth: 0 | 1): number => Math.min(...readings.map((reading) => reading[depth]))
  return (fastest(1) - fastest(0)) / (DEPTHS[1] - DEPTHS[0])
}
