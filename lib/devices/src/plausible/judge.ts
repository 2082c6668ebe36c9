import { asLetiError, type DeviceMeasurement, type LetiRecord, type Model } from '@leti/records'
import type { MeasuringDevice, OnHost } from '../measuring-device.js'
import type { ModelMaker } from '../models/maker.js'
import { RecordModel } from '../models/record-model.js'
import { Plausibility, type Work } from '../plausibility.js'
import { yardsticksFor } from './yardsticks.js'

/** Judges the latencies of each device: see `Plausibility`. */
export class Judge {
  private readonly devices = new Map<MeasuringDevice, Plausibility>()

  constructor(
    private readonly maker: ModelMaker,
    private readonly onHost: OnHost,
  ) {}

  /**
   * @param model what was measured
   * @throws {LetiError} `implausible`
   */
  async check(
    device: MeasuringDevice,
    { arch }: LetiRecord,
    model: Model | undefined,
    { latency_ms }: DeviceMeasurement,
  ): Promise<void> {
    // The weights of a user's file may be sparse or quantized: nothing says how fast these are at most.
    if (!model || !arch || arch.space === 'file' || (model.weights ?? 'float32') !== 'float32')
      return
    await this.of(device).check(workOf(model), latency_ms.median)
  }

  private of(device: MeasuringDevice): Plausibility {
    const known = this.devices.get(device)
    if (known) return known
    const added = new Plausibility((work, add) => this.measureYardsticks(device, work, add))
    this.devices.set(device, added)
    return added
  }

  private async measureYardsticks(
    device: MeasuringDevice,
    work: Work,
    add: (work: Work, latencyMs: number) => void,
  ): Promise<void> {
    for (const record of yardsticksFor(work)) {
      const model = new RecordModel(record, this.maker)
      try {
        const latency = await device.time(model, this.onHost)
        const described = await model.describe(device.format)
        if (described) add(workOf(described), latency)
      } catch (error) {
        // A device that cannot run a yardstick is judged by the others.
        if (!asLetiError(error)) throw error
      } finally {
        await model.remove()
      }
    }
  }
}

function workOf(model: Model): Work {
  const { macs = 0, executed_macs = macs, parameters = 0, executed_parameters = parameters } = model
  return { macs: executed_macs, weightBytes: 4 * executed_parameters }
}
