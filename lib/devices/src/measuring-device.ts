import { asLetiError, LetiError, type LatencyStatistics, type Measurement } from '@leti/records'
import { isPrecise, type Protocol } from './protocol.js'
import { Reference, type ModelFiles } from './reference.js'
import { TARGETS } from './registry.js'
import { backendOf, offerOf, runtimeOf } from './runtimes/choice.js'
import { latencyStatistics } from './statistics.js'
import { HOST } from './host.js'
import type {
  DeviceConfig,
  DeviceDescription,
  ModelFormat,
  OpenDevice,
  Run,
  Target,
} from './target.js'
import { verifyOutput } from './verify.js'

export interface MeasuringOptions extends Protocol {
  /** Longest time for one network, in seconds. */
  readonly timeout: number
  readonly verify: boolean
  /** Whether the record keeps every sample. */
  readonly samples: boolean
  /** How long to wait, before each network, for the device to cool, in seconds. */
  readonly cooldown?: number | undefined
}

export interface Measured {
  readonly measurement: Measurement
  /** Whether the precision asked for was reached in time. */
  readonly precise: boolean
  /** Whether the device was cool before, as far as it was asked for and can tell. */
  readonly cool: boolean
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
    this.reference = new Reference(this.runtime, this.backend)
  }

  get runtime(): string {
    return runtimeOf(this.target, this.config)
  }

  get backend(): string {
    return backendOf(this.target, this.config)
  }

  /** ModelFormat of the model files that the device runs. */
  get format(): ModelFormat {
    return offerOf(this.target, this.config).format
  }

  /** The machine that it is: devices on one machine are not measured at once. */
  get machine(): string {
    return this.target.machine(this.config)
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
   * @param onHost runs what keeps this computer's CPU busy, a measurement on it included
   * @throws {LetiError} `model-failed`, `timeout`, `partial-delegation`, `wrong-output`,
   *   `device-crashed`, `device-lost`, `unsupported`
   */
  async measure(model: ModelFiles, onHost: OnHost = directly): Promise<Measured> {
    const path = await onHost(() => model.file(this.format))
    if (!this.opened) await this.open()
    const cool = await this.coolDown()
    const startedAt = new Date().toISOString()
    const { run, description } = await (this.machine === HOST ? onHost : directly)(() =>
      this.inTime(async () => {
        const device = this.opened as OpenDevice
        return { run: await device.run(path, this.options), description: device.describe() }
      }),
    )
    if (this.options.requireFullDelegation) requireFullDelegation(run, description)
    const outputError = this.options.verify
      ? await onHost(() => this.inTime(() => this.verify(model, run)))
      : undefined
    const statistics = statisticsOf(run)
    return {
      measurement: this.toMeasurement(run, statistics, description, startedAt, outputError),
      precise: isPrecise(statistics, this.options.precision),
      cool,
    }
  }

  /** Ends at once, whatever is under way. */
  async close(): Promise<void> {
    await Promise.all([this.reopenLater(), this.reference.close()])
  }

  /** @returns the largest difference from the reference; undefined where the device gave no output */
  private async verify(model: ModelFiles, run: Run): Promise<number | undefined> {
    const { firstOutput, lastOutput } = run
    if (!firstOutput && !lastOutput) return undefined
    const reference = await this.reference.output(model)
    const errors = [
      firstOutput ? verifyOutput(firstOutput, reference, 'first') : 0,
      lastOutput ? verifyOutput(lastOutput, reference, 'last') : 0,
    ]
    return Math.max(...errors)
  }

  private async coolDown(): Promise<boolean> {
    const { cooldown } = this.options
    const device = this.opened
    if (cooldown === undefined || !device?.coolDown) return true
    return this.inTime(
      () => (device.coolDown as (seconds: number) => Promise<boolean>)(cooldown),
      cooldown,
    )
  }

  /** Whatever fails or takes too long leaves the device closed, to be opened for the next record. */
  private async inTime<T>(work: () => Promise<T>, extraSeconds = 0): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      const { timeout } = this.options
      const error = new LetiError('timeout', `not done in ${timeout} s (--timeout)`)
      timer = setTimeout(() => reject(error), (timeout + extraSeconds) * 1000)
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
    statistics: LatencyStatistics,
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
      latency_ms: statistics,
      ...(this.options.samples &&
        'samplesMs' in run.latency && { samples_ms: [...run.latency.samplesMs] }),
      ...(run.kernels && { kernels: [...run.kernels] }),
      ...(run.delegation && { delegation: run.delegation }),
      load_ms: run.loadMs,
      first_run_ms: run.firstRunMs,
      ...(run.peakMemoryBytes !== undefined && { peak_memory_bytes: run.peakMemoryBytes }),
      verified: outputError !== undefined,
      ...(outputError !== undefined && { output_error: outputError }),
      started_at: startedAt,
      environment: { ...environment, ...run.environment },
    }
  }
}

/** Runs work of this computer's CPU, so that nothing else of it disturbs a measurement. */
export type OnHost = <T>(work: () => Promise<T>) => Promise<T>

const directly: OnHost = (work) => work()

function statisticsOf({ latency }: Run): LatencyStatistics {
  return 'statistics' in latency ? latency.statistics : latencyStatistics(latency.samplesMs)
}

function requireFullDelegation({ delegation }: Run, { backend }: DeviceDescription): void {
  if (!delegation || delegation.full) return
  const { delegated_nodes: delegated, total_nodes: total } = delegation
  const share =
    delegated === undefined ? 'only a part' : `${delegated} of ${total ?? 'its'} operators`
  throw new LetiError(
    'partial-delegation',
    `${share} ran on ${backend} (--require-full-delegation)`,
  )
}
