import { setTimeout as delay } from 'node:timers/promises'
import {
  asLetiError,
  LetiError,
  type ErrorCode,
  type LatencyStatistics,
  type DeviceMeasurement,
} from '@leti/records'
import { partialDelegation } from './delegation.js'
import { HOST } from './host.js'
import { isPrecise, type Protocol } from './protocol.js'
import { Reference, type ModelFiles } from './reference.js'
import { TARGETS } from './registry.js'
import { backendOf, offerOf, runtimeOf } from './runtimes/choice.js'
import { latencyStatistics } from './statistics.js'
import type {
  DeviceConfig,
  DeviceDescription,
  ModelFormat,
  OpenDevice,
  Run,
  Target,
} from './target.js'
import { verifyOutput } from './verify.js'
import { within } from './within.js'

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
  readonly measurement: DeviceMeasurement
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
  private lastMachine = HOST
  private pinned: DeviceConfig
  /** How often in a row it was not there. */
  private losses = 0
  private readonly closing = new AbortController()
  private readonly target: Target
  private readonly reference: Reference

  constructor(
    readonly config: DeviceConfig,
    private readonly options: MeasuringOptions,
    target: Target = TARGETS[config.target],
  ) {
    this.target = target
    this.pinned = config
    this.reference = new Reference(this.runtime, this.backend)
  }

  get runtime(): string {
    return runtimeOf(this.target, this.config)
  }

  get backend(): string {
    return backendOf(this.target, this.config)
  }

  /** Format of the model files that the device runs. */
  get format(): ModelFormat {
    return offerOf(this.target, this.config).format
  }

  /** The machine that it is, once it has been opened: devices on one are not measured at once. */
  get machine(): string {
    return this.lastMachine
  }

  /** Whether it can tell how hot it is, once it has been opened. */
  get coolsDown(): boolean {
    return this.opened?.coolDown !== undefined
  }

  /**
   * Opens the device before the first model is there, so that a device that cannot be had is found
   * out with nothing done.
   *
   * @throws {LetiError} `usage`, `device-lost`, `timeout`
   */
  async open(): Promise<void> {
    const late = new AbortController()
    const signal = AbortSignal.any([late.signal, this.closing.signal])
    const opening = this.target.open(this.pinned, { patience: this.patience, signal })
    try {
      this.opened = await this.inTime(() => opening)
    } catch (error) {
      late.abort()
      // Whatever is half open is undone before it is opened again.
      const undone = opening.then((device) => device.close()).catch(() => undefined)
      await Promise.race([undone, delay(UNDO_MS, undefined, { ref: false })])
      throw error
    }
    this.losses = 0
    const { machine } = this.opened
    // Lost and found, it must be the same phone.
    if (machine !== HOST) this.pinned = { ...this.config, serial: machine }
    this.lastMachine = machine
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
    if (!this.opened) await this.reopen()
    const cool = await this.coolDown()
    const startedAt = new Date().toISOString()
    const { run, description } = await (this.machine === HOST ? onHost : directly)(() =>
      this.inTime(async () => {
        const device = this.opened as OpenDevice
        return { run: await device.run(path, this.options), description: device.describe() }
      }),
    )
    if (this.options.requireFullDelegation && run.delegation && !run.delegation.full) {
      throw partialDelegation(run.delegation, description.backend)
    }
    const outputError = this.options.verify
      ? await onHost(() => this.verify(model, run))
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
    this.closing.abort()
    await Promise.all([this.reopenLater(), this.reference.close()])
  }

  /** How long to wait for the device where it was lost, in seconds; not for ever. */
  private get patience(): number {
    return this.losses > 0 && this.losses <= MOST_WAITS ? this.options.timeout / 2 : 0
  }

  /** What was there before and is not now is lost, however it is not there. */
  private async reopen(): Promise<void> {
    try {
      await this.open()
    } catch (error) {
      const known = asLetiError(error)
      if (known?.code !== 'usage') throw error
      throw new LetiError('device-lost', known.message, { cause: error })
    }
  }

  /** @returns the largest difference from the reference; undefined where the device gave no outputs */
  private async verify(model: ModelFiles, run: Run): Promise<number | undefined> {
    const { firstOutput, lastOutput } = run
    if (!firstOutput || !lastOutput) return undefined
    const { timeout } = this.options
    const late = new LetiError('timeout', `no CPU reference in ${timeout} s (--timeout)`)
    let reference: readonly number[]
    try {
      reference = await within(timeout * 1000, late, this.closing.signal, () =>
        this.reference.output(model),
      )
    } catch (error) {
      // An answer that comes later must not be taken for the next one's.
      await this.reference.close()
      throw error
    }
    try {
      const first = verifyOutput(firstOutput, reference, 'first')
      return Math.max(first, verifyOutput(lastOutput, reference, 'last'))
    } catch (error) {
      await this.reopenLater()
      throw error
    }
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
    const { timeout } = this.options
    const late = new LetiError('timeout', `not done in ${timeout} s (--timeout)`)
    try {
      return await within((timeout + extraSeconds) * 1000, late, this.closing.signal, work)
    } catch (error) {
      const known = asLetiError(error)
      if (known?.code === 'device-lost') this.losses++
      const isSound = this.opened?.outlivesModels && MODELS_OWN.has(known?.code)
      if (!isSound) await this.reopenLater()
      throw known ?? new LetiError('device-crashed', String(error), { cause: error })
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
  ): DeviceMeasurement {
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

/** Failures that are the model's own. */
const MODELS_OWN = new Set<ErrorCode | undefined>(['model-failed', 'partial-delegation'])
/** A device that is lost is waited for so often; then it is gone until it is seen again. */
const MOST_WAITS = 10
/** What cannot be undone in this time is left. */
const UNDO_MS = 15_000

/** Runs work of this computer's CPU, so that nothing else of it disturbs a measurement. */
export type OnHost = <T>(work: () => Promise<T>) => Promise<T>

const directly: OnHost = (work) => work()

function statisticsOf({ latency }: Run): LatencyStatistics {
  return 'statistics' in latency ? latency.statistics : latencyStatistics(latency.samplesMs)
}
