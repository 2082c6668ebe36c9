import type { Format } from '@leti/formats'
import { asLetiError, LetiError, type DeviceMeasurement } from '@leti/records'
import { Connection, type ConnectionOptions } from './connection.js'
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
import type {
  DeviceConfig,
  DeviceGone,
  DeviceState,
  OpenDevice,
  Progress,
  Run,
  Target,
} from './target.js'
import type { TimeLimit } from './time-limit.js'

export type { Setting } from './run-measurement.js'

export interface MeasuringOptions extends Protocol, ConnectionOptions {
  /** Whether to check the outputs against a CPU reference. */
  readonly verify: boolean
  /** Whether the record keeps every sample. */
  readonly samples: boolean
  /** Longest wait for the device to cool before each network, in seconds. */
  readonly cooldown?: number | undefined
  /** Whether to give the device the rest and the charge that devices.yaml demands; absent: it does. */
  readonly spares?: boolean
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
  /** What the device has to do; the caller may say how much is expected. */
  readonly progress: Progress = { measured: 0 }
  private readonly connection: Connection
  private readonly check: OutputCheck

  constructor(
    readonly config: DeviceConfig,
    private options: MeasuringOptions,
    target: Target = TARGETS[config.target],
    private readonly sparing = new Sparing(config.settings),
  ) {
    this.connection = new Connection(config, target, options, this.progress)
    this.check = new OutputCheck(config.runtime, config.backend)
  }

  /** Uses these options from now on. The device stays open, and a browser paired. */
  follow(options: MeasuringOptions): void {
    this.options = options
    this.connection.follow(options)
  }

  /** Format of the model files that the device runs. */
  get format(): Format {
    return RUNTIMES[this.config.runtime].format
  }

  /** See `Connection.locate`. */
  async locate(): Promise<string> {
    return this.connection.locate()
  }

  /** The part of its measurements that is the same for all networks. */
  get setting(): Setting {
    const { name: device, target } = this.config
    return { device, target, batch: 1, ...this.connection.description }
  }

  /** Number of networks that it has measured. */
  get measured(): number {
    return this.progress.measured
  }

  /** See `Connection.gone`. */
  get gone(): DeviceGone | undefined {
    return this.connection.gone
  }

  /** See `Connection.isBrought`. */
  get isBrought(): boolean {
    return this.connection.isBrought
  }

  /** Whether the open device can tell how hot it is. */
  get coolsDown(): boolean {
    return this.connection.device?.coolDown !== undefined
  }

  get isOpen(): boolean {
    return this.connection.device !== undefined
  }

  /** Whether the open device is not throttled by its heat; one that cannot tell counts as cool. */
  async isCool(): Promise<boolean> {
    return this.coolWithin(0)
  }

  /** How long the device is to rest before its next network, in ms. */
  get restMs(): number {
    const { machine } = this.connection
    return machine === undefined ? 0 : this.sparing.restMs(machine)
  }

  /**
   * Why the open device must be charged before it measures; `undefined` if it need not.
   *
   * @throws {LetiError} `usage` if it does not tell its charge, `device-lost`
   */
  async chargeProblem(): Promise<string | undefined> {
    const { connection, sparing } = this
    if (!sparing.limitsCharge) return undefined
    return connection.use(connection.timeLimit(), async () =>
      sparing.chargeProblem(await connection.device?.batteryPercent?.()),
    )
  }

  /** See `Connection.state`. */
  async state(): Promise<DeviceState> {
    return this.connection.state()
  }

  /**
   * Opens the device. Called before the first model is read, it finds out whether the device can be
   * used before anything is done.
   *
   * @throws {LetiError} `usage`, `device-lost`, `timeout`
   */
  async open(): Promise<void> {
    await this.connection.open()
    await this.chargeProblem()
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
    const time = this.connection.timeLimit()
    const { path, reference } = await this.prepare(model, onHost, time)
    if (this.options.spares ?? true) await this.spare()
    const cool = await this.coolDown()
    const startedAt = new Date().toISOString()
    const run = await this.runInConditions(path, onHost, time, repetitions).finally(() =>
      this.sparing.end(this.connection.machine ?? ''),
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
      const time = this.connection.timeLimit()
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
      if (!verify || !this.isOnHost) return { path: await makeFile() }
      const early = this.check.begin(model, this.options.timeout)
      try {
        const path = await makeFile()
        return { path, reference: await time.spend('no CPU reference', () => early.output) }
      } finally {
        await early.end()
      }
    })
    if (!this.isOpen) await this.reopen()
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
    if (!this.isOnHost) return this.runModel(path, onHost, time, protocol)
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
    const { connection } = this
    return (this.isOnHost ? onHost : directly)(() =>
      connection.use(time, () => (connection.device as OpenDevice).run(path, protocol)),
    )
  }

  /** Ends at once; a measurement in progress fails. */
  async close(): Promise<void> {
    await Promise.all([this.connection.close(), this.check.close()])
  }

  /** A device that disappears counts as lost, whatever the cause. */
  private async reopen(): Promise<void> {
    try {
      await this.open()
    } catch (error) {
      const known = asLetiError(error)
      if (known?.code !== 'usage') throw error
      throw new LetiError('device-lost', known.message, { cause: error })
    }
  }

  /** Whether the device is a part of this computer. */
  private get isOnHost(): boolean {
    return this.connection.machine === HOST
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
      await this.connection.discard()
      throw error
    }
  }

  /** Waits until the device has rested, and its battery is charged. */
  private async spare(): Promise<void> {
    await this.sparing.wait({
      machine: this.connection.machine ?? '',
      chargeProblem: () => this.chargeProblem(),
      say: (problem) => this.options.say?.(`${this.config.name}: ${problem}`),
      signal: this.connection.life,
    })
  }

  private async coolDown(): Promise<boolean> {
    const { cooldown } = this.options
    return cooldown === undefined || this.coolWithin(cooldown)
  }

  /** Waits until the open device is cool; whether it is. One that cannot tell counts as cool. */
  private async coolWithin(seconds: number): Promise<boolean> {
    const { connection } = this
    const cools = connection.device?.coolDown?.bind(connection.device)
    return cools ? connection.use(connection.timeLimit(seconds), () => cools(seconds)) : true
  }
}

/** The protocol of a network that is not the measured one. */
const BRIEF = { maxSeconds: 1, profile: false, requireFullDelegation: false } as const

/** A network that takes the device away as often as this is given up: it may be what ends the browser. */
const TRIES = 3

/** Runs work that keeps this computer's CPU busy, at a time when it disturbs no measurement. */
export type OnHost = <T>(work: () => Promise<T>) => Promise<T>

const directly: OnHost = (work) => work()
