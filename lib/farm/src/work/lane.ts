import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '@leti/records'
import type { Redis } from 'ioredis'
import { Presence, type WorkerHere } from '../presence.js'
import type { Timing } from '../timing.js'
import { DeviceWorker } from './device-worker.js'
import type { FarmDevice } from './device.js'
import type { Machines } from './machines.js'

export interface LaneOptions {
  readonly timing: Timing
  readonly say: (message: string) => void
  readonly signal: AbortSignal
  readonly machines: Machines
  /** The connection in use; another after the watchdog has replaced it. */
  readonly connection: () => Redis
}

/** One device of this host: from where it is not attached, to where it measures. */
export class Lane {
  private worker: DeviceWorker | undefined
  private waitsFor: Pick<WorkerHere, 'state' | 'detail'> = { state: 'absent', detail: '' }
  private readonly presence: Presence

  constructor(
    readonly device: FarmDevice,
    private readonly options: LaneOptions,
  ) {
    const { connection, timing } = options
    this.presence = new Presence(connection, timing.presenceMs, () => this.here())
  }

  /** Whether it takes jobs, and has none. */
  get isIdle(): boolean {
    return this.worker?.isIdle ?? false
  }

  /** Waits until the device is attached and no other run uses its machine; then it begins to take jobs. */
  async start(): Promise<void> {
    const { signal, say, timing, machines, connection } = this.options
    await this.presence.start()
    const machine = await this.attached()
    if (machine === undefined) return
    this.waits('waiting', 'another run measures on its machine')
    const onMachine = await machines.take(machine, this.device)
    if (signal.aborted) return
    const news = (): void => this.presence.news()
    this.worker = new DeviceWorker(this.device, { timing, onMachine, say, news, signal })
    this.worker.connect(connection())
  }

  async lookIfIdle(): Promise<void> {
    await this.worker?.lookIfIdle()
  }

  /** Goes on with another connection. */
  reconnect(redis: Redis): void {
    this.worker?.disconnect()
    this.worker?.connect(redis)
  }

  async close(): Promise<void> {
    await (this.worker ?? this.device).close()
    await this.presence.end()
  }

  /** The machine of the device, once it is attached; `undefined` if the host stops to work before. */
  private async attached(): Promise<string | undefined> {
    const { signal, say, timing } = this.options
    while (!signal.aborted) {
      try {
        return await this.device.machine()
      } catch (error) {
        const detail = messageOf(error)
        if (this.waitsFor.detail !== detail) say(`${this.device.name} is not here: ${detail}`)
        this.waits('absent', detail)
        await delay(timing.probeMs, undefined, { signal }).catch(() => undefined)
      }
    }
    return undefined
  }

  private waits(state: WorkerHere['state'], detail: string): void {
    this.waitsFor = { state, detail }
    this.presence.news()
  }

  private here(): WorkerHere {
    const { state, detail } = this.worker ?? this.waitsFor
    const secondsPerJob = this.worker?.secondsPerJob
    const { pid } = process
    return {
      role: 'work',
      host: hostname(),
      pid,
      device: this.device.name,
      state,
      detail,
      secondsPerJob,
    }
  }
}
