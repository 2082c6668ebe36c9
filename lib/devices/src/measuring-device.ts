import { asLetiError, LetiError, type Measurement } from '@leti/records'
import { isPrecise, type Protocol } from './protocol.js'
import { Reference } from './reference.js'
import { TARGETS } from './registry.js'
import { latencyStatistics } from './statistics.js'
import type { DeviceConfig, DeviceDescription, OpenDevice, Run, Target } from './target.js'
import { verifyOutput } from './verify.js'

export interface MeasuringOptions extends Protocol {
  /** Longest time for one network, in seconds. */
  readonly timeout: number
  readonly verify: boolean
  /** Whether the record keeps every sample. */
  readonly samples: boolean
}

export interface Measured {
  readonly measurement: Measurement
  /** Whether the precision asked for was reached in time. */
  readonly precise: boolean
}

/**
 * A device with the protocol around it. It is opened once and reused; whatever fails costs one record
 * and one opening.
 */
export class MeasuringDevice {
  private opened: OpenDevice | undefined
  private readonly target: Target
  private readonly reference: Reference

  constructor(
    readonly config: DeviceConfig,
    private readonly options: MeasuringOptions,
    target: Target = TARGETS[config.target],
  ) {
    this.target = target
    this.reference = new Reference(target.referenceBackend(this.backend))
  }

  get backend(): string {
    return this.config.backend ?? this.target.backends[0]
  }

  /**
   * Opens the device before the first model is there, so that a device that cannot be had is found
   * out with nothing done.
   *
   * @throws {LetiError} `usage`, `device-lost`, `timeout`
   */
  async open(): Promise<void> {
    await this.inTime(async () => {
      this.opened = await this.target.open(this.config)
    })
  }

  /**
   * Measures a model.
   *
   * @throws {LetiError} `model-failed`, `timeout`, `wrong-output`, `device-crashed`, `device-lost`
   */
  async measure(modelPath: string): Promise<Measured> {
    if (!this.opened) await this.open()
    const startedAt = new Date().toISOString()
    const { run, description } = await this.inTime(async () => {
      const device = this.opened as OpenDevice
      return { run: await device.run(modelPath, this.options), description: device.describe() }
    })
    const outputError = this.options.verify
      ? await this.inTime(() => this.verify(modelPath, run))
      : undefined
    return {
      measurement: this.toMeasurement(run, description, startedAt, outputError),
      precise: isPrecise(run.samplesMs, this.options.precision),
    }
  }

  /** Ends at once, whatever is under way. */
  async close(): Promise<void> {
    await Promise.all([this.reopenLater(), this.reference.close()])
  }

  private async verify(modelPath: string, run: Run): Promise<number> {
    const reference = await this.reference.output(modelPath)
    const first = verifyOutput(run.firstOutput, reference, 'first')
    return Math.max(first, verifyOutput(run.lastOutput, reference, 'last'))
  }

  /** Whatever fails or takes too long leaves the device closed, to be opened for the next record. */
  private async inTime<T>(work: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      const { timeout } = this.options
      const error = new LetiError('timeout', `not done in ${timeout} s (--timeout)`)
      timer = setTimeout(() => reject(error), timeout * 1000)
    })
    try {
      return await Promise.race([work(), late])
    } catch (error) {
      await this.reopenLater()
      throw asLetiError(error) ?? new LetiError('device-crashed', String(error), { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }

  private async reopenLater(): Promise<void> {
    const device = this.opened
    this.opened = undefined
    await device?.close()
  }

  private toMeasurement(
    run: Run,
    { runtime, backend, threads, environment }: DeviceDescription,
    startedAt: string,
    outputError: number | undefined,
  ): Measurement {
    return {
      device: this.config.name,
      target: this.config.target,
      runtime,
      backend,
      threads,
      batch: 1,
      latency_ms: latencyStatistics(run.samplesMs),
      ...(this.options.samples && { samples_ms: [...run.samplesMs] }),
      ...(run.kernels && { kernels: [...run.kernels] }),
      load_ms: run.loadMs,
      first_run_ms: run.firstRunMs,
      ...(run.peakMemoryBytes !== undefined && { peak_memory_bytes: run.peakMemoryBytes }),
      verified: outputError !== undefined,
      ...(outputError !== undefined && { output_error: outputError }),
      started_at: startedAt,
      environment,
    }
  }
}
