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

/** Measures kernels: each once, as the difference of a deep network and a shallow one. */
export class Depths {
  private readonly known = new Map<string, Promise<number>>()

  constructor(private readonly device: MeasuringDevice) {}

  /**
   * What one run of a kernel takes, in ms, without the overhead of a call and without what follows it.
   *
   * @throws {LetiError} as the device's `measure` does
   */
  async timeOf(nodes: Nodes): Promise<number> {
    return (await this.slope(nodes)) - (await this.slope(CUT)) / 2
  }

  /** What one repeat takes, the cutting out of its result with it. */
  private slope(nodes: Nodes): Promise<number> {
    const { id } = kernelRecord(nodes, 1)
    const known = this.known.get(id)
    if (known) return known
    const measured = this.measureBoth(nodes)
    this.known.set(id, measured)
    return measured
  }

  private async measureBoth(nodes: Nodes): Promise<number> {
    const [shallow, deep] = DEPTHS
    const first = await this.latencyOf(kernelRecord(nodes, shallow))
    return ((await this.latencyOf(kernelRecord(nodes, deep))) - first) / (deep - shallow)
  }

  private async latencyOf(record: LetiRecord): Promise<number> {
    const folder = await mkdtemp(join(tmpdir(), 'leti-'))
    const model: ModelFiles = {
      file: async (format) =>
        (await writeModel(networkOf(record), format, folder, 0)).path as string,
    }
    try {
      return (await this.device.measure(model)).measurement.latency_ms.median
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}
