import { setTimeout as delay } from 'node:timers/promises'
import { asLetiError, LetiError, type ErrorCode } from '@leti/records'
import {
  DeviceGone,
  type DeviceConfig,
  type DeviceDescription,
  type DeviceState,
  type OpenDevice,
  type Progress,
  type Target,
} from './target.js'
import { TimeLimit } from './time-limit.js'

export interface ConnectionOptions {
  /**
   * Longest time to open the device, and for one network: to make its model, to run it and to check it; in
   * seconds.
   */
  readonly timeout: number
  /** Whether a phone holds its clocks, if it can. */
  readonly fixedPerformance?: boolean
  /** Whether a person who has stopped the device may start it again; absent: it is gone for this run. */
  readonly restarts?: boolean
  /** Shows lines to the person at the terminal, who must do something to bring the device; absent: to nobody. */
  readonly say?: ((text: string) => void) | undefined
}

/** The way to a device. It is opened once and reused; a failure closes it. */
export class Connection {
  private opened: OpenDevice | undefined
  private located: string | undefined
  private described: DeviceDescription | undefined
  private goneFor: DeviceGone | undefined
  /** How often in a row the device was lost. */
  private losses = 0
  private readonly closing = new AbortController()

  constructor(
    private readonly config: DeviceConfig,
    private readonly target: Target,
    private options: ConnectionOptions,
    private readonly progress: Progress,
  ) {}

  /** Uses these options from now on. The device stays open, and a browser paired. */
  follow(options: ConnectionOptions): void {
    this.options = options
  }

  /** The open device; `undefined` if it is not open. */
  get device(): OpenDevice | undefined {
    return this.opened
  }

  /** The machine that the device runs on; `undefined` before `locate`. */
  get machine(): string | undefined {
    return this.located
  }

  /** What the device said about itself when it was last opened. */
  get description(): DeviceDescription {
    if (!this.described) throw new Error('the device was never opened')
    return this.described
  }

  /** Why no person brings the device back in this run: nothing more can be measured on it. */
  get gone(): DeviceGone | undefined {
    return this.goneFor
  }

  /** Whether a person brings the device, and wants to know how long it will take. */
  get isBrought(): boolean {
    return this.wait > 0
  }

  /** Aborts when the connection is closed for good. */
  get life(): AbortSignal {
    return this.closing.signal
  }

  /**
   * Finds the machine that the device runs on, without touching it, and keeps to it: see `Target.machine`.
   *
   * @throws {LetiError} `usage`, `device-lost`
   */
  async locate(): Promise<string> {
    return (this.located ??= await this.target.machine(this.config, this.life))
  }

  /** Whether the device can be opened, as it says without being opened. One that a person brings is waited for. */
  async state(): Promise<DeviceState> {
    if (this.isBrought) return { state: 'ready', detail: 'a person brings it' }
    return this.target.state(this.config, this.life)
  }

  /** @throws {LetiError} `usage`, `device-lost`, `timeout` */
  async open(): Promise<void> {
    const stop = new AbortController()
    const opening = this.openOnMachine(stop.signal)
    try {
      this.opened = await this.use(this.timeLimit(this.wait), () => opening)
    } catch (error) {
      stop.abort()
      // A device that opens too late is closed before it may be opened again.
      const closed = opening.then((device) => device.close()).catch(() => undefined)
      await Promise.race([closed, delay(CLOSE_MS, undefined, { ref: false })])
      if (error instanceof DeviceGone) this.goneFor = error
      throw error
    }
    this.losses = 0
    this.goneFor = undefined
    this.described = this.opened.describe()
  }

  /** The time for some work with the device. */
  timeLimit(extraSeconds = 0): TimeLimit {
    return new TimeLimit(this.options.timeout + extraSeconds, this.life)
  }

  /** Limits the time of some work with the device. If it fails or takes too long, the device is closed. */
  async use<T>(time: TimeLimit, work: () => Promise<T>): Promise<T> {
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
  async discard(): Promise<void> {
    const device = this.opened
    this.opened = undefined
    await device?.close()
  }

  /** Ends at once; work in progress fails. */
  async close(): Promise<void> {
    this.closing.abort()
    await this.discard()
  }

  private async openOnMachine(signal: AbortSignal): Promise<OpenDevice> {
    const machine = await this.locate()
    signal.throwIfAborted()
    const { patience, progress, life } = this
    const { fixedPerformance = true, restarts, say } = this.options
    const context = { patience, machine, signal, fixedPerformance, life, progress, restarts }
    return this.target.open(this.config, { ...context, ...(say && { say }) })
  }

  /** Seconds that a person may take to bring the device. */
  private get wait(): number {
    return this.target.wait?.(this.config) ?? 0
  }

  /** How long to wait for a lost device to come back, in seconds. */
  private get patience(): number {
    return this.losses > 0 && this.losses <= MOST_WAITS ? this.options.timeout / 2 : 0
  }
}

/** Failures that the model causes, not the device. */
const CAUSED_BY_MODEL = new Set<ErrorCode | undefined>(['model-failed', 'partial-delegation'])
/** After this many losses in a row, the next records do not wait for the device any more. */
const MOST_WAITS = 10
/** The longest wait for a device that opens too late to close. */
const CLOSE_MS = 15_000
