import { setTimeout as delay } from 'node:timers/promises'
import type { Format } from '@leti/formats'
import { asLetiError, LetiError, type DeviceMeasurement, type ErrorCode } from '@leti/records'
import { partialDelegation } from './delegation.js'
import { hostConditions, readHost } from './host/conditions.js'
import { HOST } from './host/host.js'
import { OutputCheck, outputErrorOf } from './output-check.js'
import { isPrecise, type Protocol } from './protocol.js'
import type { ModelFiles } from './reference.js'
import { TARGETS } from './registry.js'
import {
  effortOf,
  measurementOf,
  statisticsOf,
  type Effort,
  type Setting,
} from './run-measurement.js'
import { RUNTIMES } from './runtimes/registry.js'
import { Sparing } from './sparing.js'
import {
  DeviceGone,
  type DeviceConfig,
  type DeviceDescription,
  type DeviceState,
  type OpenDevice,
  type Progress,
  type Run,
  type Target,
} from './target.js'
import { TimeLimit } from './time-limit.js'

export type { Setting } from './run-measurement.js'

export interface MeasuringOptions extends Protocol {
  /** Longest time for one network, in seconds: to make its model, to run it and to check it. */
  readonly timeout: number
  /** Whether to check the outputs against a CPU reference. */
  readonly verify: boolean
  /** Whether the record keeps every sample. */
  readonly samples: boolean
  /** Longest wait for the device to cool before each network, in seconds. */
  readonly cooldown?: number | undefined
  /** Whether to give the device the rest and the charge that devices.yaml demands; absent: it does. */
  readonly spares?: boolean
  /** Whether a phone holds its clocks, if it can. */
  readonly fixedPerformance?: boolean
  /** Whether a person who has stopped the device may start it again; absent: it is gone for this run. */
  readonly restarts?: boolean
  /** Shows lines to the person at the terminal, who must do something to bring the device; absent: to nobody. */
  readonly say?: ((text: string) => void) | undefined
}

export interface Measured {
  readonly measurement: DeviceMeasurement
  /** Whether the requested precision was reached in time, or a number of runs was asked for instead. */
  readonly precise: boolean
  /** Whether the device was cool before; also true if `cooldown` is absent or the device cannot tell. */
  readonly cool: boolean
  /** What tells how many runs are best; absent if the device's own tool chooses their number. */
  readonly effort?: Effort
}

/** What a run takes. */
interface Prepared {
  /** The model's file. */
  readonly path: string
  /** The CPU reference; absent if it is computed after the run, or not at all. */
  readonly reference?: Float32Array | undefined
}

/**
 * A device with the measuring protocol around it. It is opened once and reused. A failure costs one
 * record; the device is then closed, and opened again for the next record.
 */
export class MeasuringDevice {
  private opened: OpenDevice | undefined
  private located: string | undefined
  /** What the device said about itself when it was last opened. */
  private description: DeviceDescription | undefined
  private goneFor: DeviceGone | undefined
  /** What the device has to do; the caller may say how much is expected. */
  readonly progress: Progress = { measured: 0 }
  /** How often in a row the device was lost. */
  private losses = 0
  private readonly closing = new AbortController()
  private readonly target: Target
  private readonly check: OutputCheck

  constructor(
    readonly config: DeviceConfig,
    private options: MeasuringOptions,
    target: Target = TARGETS[config.target],
    private readonly sparing = new Sparing(config.settings),
  ) {
    this.target = target
    this.check = new OutputCheck(config.runtime, config.backend)
  }

  /** Measures by these from now on. The device stays open, and a browser paired. */
  follow(options: MeasuringOptions): void {
    this.options = options
  }

  /** Format of the model files that the device runs. */
  get format(): Format {
    return RUNTIMES[this.config.runtime].format
  }

  /**
   * Finds the machine that the device runs on, without touching it, and keeps to it: see `Target.machine`.
   *
   * @throws {LetiError} `usage`, `device-lost`
   */
  async locate(): Promise<string> {
    return (this.located ??= await this.target.machine(this.config, this.closing.signal))
  }

  /** The part of its measurements that is the same for all networks. */
  get setting(): Setting {
    const { config, description } = this
    if (!description) throw new Error('the device was never opened')
    const { name: device, target } = config
    return { device, target, batch: 1, ...description }
  }

  /** Number of networks that it has measured. */
  get measured(): number {
    return this.progress.measured
  }

  /** Why no person brings the device back in this run: nothing more can be measured on it. */
  get gone(): DeviceGone | undefined {
    return this.goneFor
  }

  /** Whether a person brings the device, and wants to know how long it will take. */
  get isBrought(): boolean {
    return this.wait > 0
  }

  /** Whether the open device can tell how hot it is. */
  get coolsDown(): boolean {
    return this.opened?.coolDown !== undefined
  }

  get isOpen(): boolean {
    return this.opened !== undefined
  }

  /** Whether the open device is not throttled by its heat; one that cannot tell counts as cool. */
  async isCool(): Promise<boolean> {
    const cools = this.opened?.coolDown?.bind(this.opened)
    return cools ? this.usingDevice(this.newTimeLimit(), () => cools(0)) : true
  }

  /** How long the device is to rest before its next network, in ms. */
  get restMs(): number {
    return this.located === undefined ? 0 : this.sparing.restMs(this.located)
  }

  /**
   * Why the open device must be charged before it measures; `undefined` if it need not.
   *
   * @throws {LetiError} `usage` if it does not tell its charge, `device-lost`
   */
  async chargeProblem(): Promise<string | undefined> {
    if (!this.sparing.limitsCharge) return undefined
    return this.usingDevice(this.newTimeLimit(), async () =>
      this.sparing.chargeProblem(await this.opened?.batteryPercent?.()),
    )
  }

  /** Whether the device can be opened, as it says without being opened. One that a person brings is waited for. */
  async state(): Promise<DeviceState> {
    if (this.isBrought) return { state: 'ready', detail: 'a person brings it' }
    return this.target.state(this.config, this.closing.signal)
  }

  /**
   * Opens the device. Called before the first model is read, it finds out whether the device can be
   * used before anything is done.
   *
   * @throws {LetiError} `usage`, `device-lost`, `timeout`
   */
  async open(): Promise<void> {
    const stop = new AbortController()
    const opening = this.openOnMachine(stop.signal)
    try {
      this.opened = await this.usingDevice(this.newTimeLimit(this.wait), () => opening)
    } catch (error) {
      stop.abort()
      // A device that opens too late is closed before it may be opened again.
      const closed = opening.then((device) => device.close()).catch(() => undefined)
      await Promise.race([closed, delay(CLOSE_MS, undefined, { ref: false })])
      throw error
    }
    this.losses = 0
    this.goneFor = undefined
    this.description = this.opened.describe()
    await this.chargeProblem()
  }

  private async openOnMachine(signal: AbortSignal): Promise<OpenDevice> {
    const machine = await this.locate()
    signal.throwIfAborted()
    const { patience, progress } = this
    const { fixedPerformance = true, restarts, say } = this.options
    const life = this.closing.signal
    const context = { patience, machine, signal, fixedPerformance, life, progress, restarts }
    return this.target.open(this.config, { ...context, ...(say && { say }) })
  }

  /**
   * Measures a model.
   *
   * @param onHost runs all work that keeps this computer's CPU busy, measurements on it included
   * @param repetitions the number of runs; see `Protocol`
   * @throws {LetiError} `model-failed`, `timeout`, `partial-delegation`, `wrong-output`,
   *   `device-crashed`, `device-lost`, `unsupported`
   */
  async measure(
    model: ModelFiles,
    onHost: OnHost = directly,
    repetitions?: number,
  ): Promise<Measured> {
    return this.again(() => this.measureOnce(model, onHost, repetitions))
  }

  private async measureOnce(
    model: ModelFiles,
    onHost: OnHost,
    repetitions?: number,
  ): Promise<Measured> {
    const time = this.newTimeLimit()
    const { path, reference } = await this.prepare(model, onHost, time)
    if (this.options.spares ?? true) await this.spare()
    const cool = await this.coolDown()
    const startedAt = new Date().toISOString()
    const run = await this.runInConditions(path, onHost, time, repetitions).finally(() =>
      this.sparing.end(this.located ?? ''),
    )
    const { spentMs } = time
    if (this.options.requireFullDelegation && run.delegation && !run.delegation.full) {
      throw partialDelegation(run.delegation, this.setting.backend)
    }
    const { verify, samples, precision } = this.options
    const outputError = verify
      ? await onHost(() => this.verify(model, run, time, reference))
      : undefined
    const statistics = statisticsOf(run)
    this.progress.measured++
    const effort = effortOf(run, spentMs)
    return {
      measurement: measurementOf(this.setting, run, statistics, {
        startedAt,
        outputError,
        samples,
      }),
      precise: repetitions !== undefined || isPrecise(statistics, precision),
      cool,
      ...(effort && { effort }),
    }
  }

  /**
   * Times a model for a moment, without checking its outputs.
   *
   * @returns the latency of the fastest run in ms
   * @throws {LetiError} as `measure`
   */
  async time(model: ModelFiles, onHost: OnHost = directly): Promise<number> {
    const protocol = { ...this.options, ...BRIEF }
    return this.again(async () => {
      const time = this.newTimeLimit()
      const { path } = await this.prepare(model, onHost, time, false)
      return statisticsOf(await this.runModel(path, onHost, time, protocol)).min
    })
  }

  /** Does the work again if the device was lost, and a person may bring it back. */
  private async again<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work()
      } catch (error) {
        const isLost = asLetiError(error)?.code === 'device-lost'
        if (!isLost || !this.isBrought || this.gone || attempt === TRIES) throw error
      }
    }
  }

  /**
   * Makes the model file, and opens the device if it is not open. If the device is a part of this computer, which then
   * has nothing else to do, the reference is computed meanwhile.
   */
  private async prepare(
    model: ModelFiles,
    onHost: OnHost,
    time: TimeLimit,
    verify = this.options.verify,
  ): Promise<Prepared> {
    const makeFile = (): Promise<string> =>
      time.spend('its model was not made', (stop) => model.file(this.format, stop))
    const prepared = await onHost(async () => {
      if (!verify || this.located !== HOST) return { path: await makeFile() }
      const early = this.check.begin(model, this.options.timeout)
      try {
        const path = await makeFile()
        return { path, reference: await time.spend('no CPU reference', () => early.output) }
      } finally {
        await early.end()
      }
    })
    if (!this.opened) await this.reopen()
    return prepared
  }

  /** Runs the model, and reads before and after what else this computer does if the device is a part of it. */
  private async runInConditions(
    path: string,
    onHost: OnHost,
    time: TimeLimit,
    repetitions: number | undefined,
  ): Promise<Run> {
    const protocol = { ...this.options, repetitions }
    if (this.located !== HOST) return this.runModel(path, onHost, time, protocol)
    const before = readHost()
    const run = await this.runModel(path, onHost, time, protocol)
    const conditions = hostConditions(before, readHost())
    return { ...run, environment: { ...conditions, ...run.environment } }
  }

  private async runModel(
    path: string,
    onHost: OnHost,
    time: TimeLimit,
    protocol: Protocol,
  ): Promise<Run> {
    return (this.located === HOST ? onHost : directly)(() =>
      this.usingDevice(time, () => (this.opened as OpenDevice).run(path, protocol)),
    )
  }

  /** Ends at once; a measurement in progress fails. */
  async close(): Promise<void> {
    this.closing.abort()
    await Promise.all([this.discard(), this.check.close()])
  }

  /** Seconds that a person may take to bring the device. */
  private get wait(): number {
    return this.target.wait?.(this.config) ?? 0
  }

  /** How long to wait for a lost device to come back, in seconds. */
  private get patience(): number {
    return this.losses > 0 && this.losses <= MOST_WAITS ? this.options.timeout / 2 : 0
  }

  /** A device that disappears counts as lost, whatever the cause. */
  private async reopen(): Promise<void> {
    try {
      await this.open()
    } catch (error) {
      if (error instanceof DeviceGone) this.goneFor = error
      const known = asLetiError(error)
      if (known?.code !== 'usage') throw error
      throw new LetiError('device-lost', known.message, { cause: error })
    }
  }

  /** @returns the largest difference from the reference; `undefined` if the device gave no outputs */
  private async verify(
    model: ModelFiles,
    { firstOutput, lastOutput }: Run,
    time: TimeLimit,
    early: Float32Array | undefined,
  ): Promise<number | undefined> {
    if (!firstOutput || !lastOutput) return undefined
    const reference = early ?? (await this.check.expected(model, time))
    try {
      return outputErrorOf({ firstOutput, lastOutput }, reference)
    } catch (error) {
      await this.discard()
      throw error
    }
  }

  /** Waits until the device has rested, and its battery is charged. */
  private async spare(): Promise<void> {
    await this.sparing.wait({
      machine: this.located ?? '',
      chargeProblem: () => this.chargeProblem(),
      say: (problem) => this.options.say?.(`${this.config.name}: ${problem}`),
      signal: this.closing.signal,
    })
  }

  private async coolDown(): Promise<boolean> {
    const { cooldown } = this.options
    const device = this.opened
    if (cooldown === undefined || !device?.coolDown) return true
    return this.usingDevice(this.newTimeLimit(cooldown), () =>
      (device.coolDown as (seconds: number) => Promise<boolean>)(cooldown),
    )
  }

  private newTimeLimit(extraSeconds = 0): TimeLimit {
    return new TimeLimit(this.options.timeout + extraSeconds, this.closing.signal)
  }

  /** Limits the time of some work with the device. If it fails or takes too long, the device is closed. */
  private async usingDevice<T>(time: TimeLimit, work: () => Promise<T>): Promise<T> {
    try {
      return await time.spend('not done', work)
    } catch (error) {
      const known = asLetiError(error)
      if (known?.code === 'device-lost') this.losses++
      const isUsable = this.opened?.outlivesModels && CAUSED_BY_MODEL.has(known?.code)
      if (!isUsable) await this.discard()
      throw known ?? new LetiError('device-crashed', String(error), { cause: error })
    }
  }

  /** Closes the device; the next record opens it again. */
  private async discard(): Promise<void> {
    const device = this.opened
    this.opened = undefined
    await device?.close()
  }
}

/** The protocol of a network that is not the measured one. */
const BRIEF = { maxSeconds: 1, profile: false, requireFullDelegation: false } as const

/** Failures that the model causes, not the device. */
const CAUSED_BY_MODEL = new Set<ErrorCode | undefined>(['model-failed', 'partial-delegation'])
/** A network that takes the device away as often as this is given up: it may be what ends the browser. */
const TRIES = 3
/** After this many losses in a row, the next records do not wait for the device any more. */
const MOST_WAITS = 10
/** The longest wait for a device that opens too late to close. */
const CLOSE_MS = 15_000

/** Runs work that keeps this computer's CPU busy, at a time when it disturbs no measurement. */
export type OnHost = <T>(work: () => Promise<T>) => Promise<T>

const directly: OnHost = (work) => work()
