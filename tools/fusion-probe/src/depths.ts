import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MeasuringDevice, ModelFiles } from '@leti/devices'
import { writeModel } from '@leti/formats'
import { kernelRecord, networkOf, type OperatorPair } from '@leti/spaces'

type Nodes = OperatorPair['nodes']['both']

/** How often the two networks of one kernel run it. */
const DEPTHS = [8, 24] as const

/** The quickest run of each of a kernel's two networks, in ms. */
export type Reading = readonly [shallow: number, deep: number]

/** Cuts one element out, as every repeat of a kernel does with its result. */
const CUT: Nodes = [
  { operator: { type: 'input', shape: [8, 8, 8] }, inputs: [] },
  { operator: { type: 'slice', begin: [0, 0, 0], size: [1, 1, 1] }, inputs: [0] },
]
/** Also to warm the device up. */
const CUT_ROUNDS = 3

/** Times of kernels, each from the difference of a deep network and a shallow one. */
export class Depths {
  /** What a repeat of the cutting takes, which cuts twice. */
  private cut = 0

  constructor(private readonly device: MeasuringDevice) {}

  /**
   * Must come first.
   *
   * @throws {LetiError} as the device's `measure` does
   */
  async open(): Promise<void> {
    const readings: Reading[] = []
    for (let round = 0; round < CUT_ROUNDS; round++) readings.push(await this.read(CUT))
    this.cut = slope(readings)
  }

  /** @throws {LetiError} as the device's `measure` does */
  async read(nodes: Nodes): Promise<Reading> {
    const [shallow, deep] = DEPTHS
    return [await this.measure(nodes, shallow), await this.measure(nodes, deep)]
  }

  /**
   * What one run of a kernel takes, in ms, without the overhead of a call and without the cutting.
   *
   * @param readings of that kernel
   */
  timeOf(readings: readonly Reading[]): number {
    return slope(readings) - this.cut / 2
  }

  private async measure(nodes: Nodes, depth: number): Promise<number> {
    const record = kernelRecord(nodes, depth)
    const folder = await mkdtemp(join(tmpdir(), 'leti-'))
    const model: ModelFiles = {
      file: async (format) =>
        (await writeModel(networkOf(record), format, folder, 0)).path as string,
    }
    try {
      return (await this.device.measure(model)).measurement.latency_ms.min
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/** What one repeat takes. Whatever disturbs a run makes it slower: the least time of each counts. */
function slope(readings: readonly Reading[]): number {
  const least = (depth: 0 | 1): number => Math.min(...readings.map((reading) => reading[depth]))
  return (least(1) - least(0)) / (DEPTHS[1] - DEPTHS[0])
}
