import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MeasuringDevice, ModelFiles } from '@leti/devices'
import { writeModel } from '@leti/formats'
import type { LetiRecord } from '@leti/records'
import { kernelRecord, networkOf, type OperatorPair } from '@leti/spaces'

type Nodes = OperatorPair['nodes']['both']

/** How often the two networks of one kernel run it. */
const DEPTHS = [8, 24]

/** Cuts one element out, as every repeat of a kernel does with its result. */
const CUT: Nodes = [
  { operator: { type: 'input', shape: [8, 8, 8] }, inputs: [] },
  { operator: { type: 'slice', begin: [0, 0, 0], size: [1, 1, 1] }, inputs: [0] },
]

/** Times of kernels, each from the difference of a deep network and a shallow one. */
export class Depths {
  /** Whatever disturbs a run makes it slower: of each network the least time of all is kept. */
  private readonly least = new Map<string, number>()

  constructor(private readonly device: MeasuringDevice) {}

  /**
   * Measures the networks of kernels; to do so again can only bring their times nearer to the truth.
   *
   * @throws {LetiError} as the device's `measure` does
   */
  async measure(kernels: readonly Nodes[]): Promise<void> {
    for (const of of [CUT, ...kernels]) {
      for (const depth of DEPTHS) await this.measureNetwork(kernelRecord(of, depth))
    }
  }

  /**
   * What one run of a kernel that was measured takes, in ms, without the overhead of a call and without
   * the cutting.
   */
  timeOf(nodes: Nodes): number {
    return this.slope(nodes) - this.slope(CUT) / 2
  }

  /** What one repeat takes, the cutting out of its result with it. */
  private slope(nodes: Nodes): number {
    const [shallow, deep] = DEPTHS
    const latency = (depth: number): number =>
      this.least.get(kernelRecord(nodes, depth).id) ?? Infinity
    return (latency(deep) - latency(shallow)) / (deep - shallow)
  }

  private async measureNetwork(record: LetiRecord): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'leti-'))
    const model: ModelFiles = {
      file: async (format) =>
        (await writeModel(networkOf(record), format, folder, 0)).path as string,
    }
    try {
      const { min } = (await this.device.measure(model)).measurement.latency_ms
      this.least.set(record.id, Math.min(min, this.least.get(record.id) ?? Infinity))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}
