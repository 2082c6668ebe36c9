import { setTimeout as delay } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { Queues } from '../queues.js'
import { answers, openRedis, within } from '../redis.js'
import { checkServer, readServer } from '../server.js'
import { TIMING, type Timing } from '../timing.js'
import type { FarmDevice } from './device.js'
import { Lane } from './lane.js'
import { Machines } from './machines.js'

export interface WorkOptions {
  /** Address of the Redis. */
  readonly url: string
  readonly isVolatile: boolean
  readonly say: (message: string) => void
  /** Ends the work: jobs in progress are given back. */
  readonly signal: AbortSignal
  readonly timing?: Timing
}

/**
 * Measures the jobs of devices until the signal is aborted.
 *
 * @throws {LetiError} `usage` if the server is not there, or may lose what it is given
 */
export async function work(devices: readonly FarmDevice[], options: WorkOptions): Promise<void> {
  const host = new Host(devices, options, await openRedis(options.url))
  try {
    await host.run()
  } finally {
    await host.close()
  }
}

class Host {
  private readonly timing: Timing
  private readonly lanes: Lane[]
  private readonly machines: Machines
  /** Lanes that had a job to take when they were last looked at, and took none. */
  private stuck = new Set<Lane>()

  constructor(
    devices: readonly FarmDevice[],
    private readonly options: WorkOptions,
    private redis: Redis,
  ) {
    const { say, signal, timing = TIMING } = options
    this.timing = timing
    this.machines = new Machines(signal, say)
    const connection = (): Redis => this.redis
    const lane = { timing, say, signal, machines: this.machines, connection }
    this.lanes = devices.map((device) => new Lane(device, lane))
  }

  async run(): Promise<void> {
    const { signal, isVolatile } = this.options
    checkServer(await readServer(this.redis), isVolatile)
    await new Queues(this.redis).declare(this.lanes.map(({ device }) => device.name))
    await Promise.all([this.watch(), ...this.lanes.map((lane) => this.startLane(lane, signal))])
  }

  async close(): Promise<void> {
    await within(this.timing.answerMs, Promise.all(this.lanes.map((lane) => lane.close()))).catch(
      () => undefined,
    )
    await this.machines.release()
    this.redis.disconnect()
  }

  private async startLane(lane: Lane, signal: AbortSignal): Promise<void> {
    try {
      await lane.start()
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  /**
   * Replaces the connection if it is dead although the server answers others: a connection that never comes
   * back is known of BullMQ (its issue 3185).
   */
  private async watch(): Promise<void> {
    const { signal, url, say } = this.options
    for (;;) {
      await delay(this.timing.watchdogMs, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return
      for (const lane of this.lanes) void lane.lookIfIdle()
      if (!(await answers(url, this.timing.answerMs)) || !(await this.isDead())) continue
      say('the connection to Redis does not come back: connecting anew')
      try {
        this.reconnect(await openRedis(url))
      } catch {
        // The server went away again: the next look decides.
      }
    }
  }

  private reconnect(redis: Redis): void {
    const old = this.redis
    this.redis = redis
    this.stuck = new Set()
    for (const lane of this.lanes) lane.reconnect(redis)
    old.disconnect()
  }

  private async isDead(): Promise<boolean> {
    try {
      await within(this.timing.answerMs, this.redis.ping())
      return await within(this.timing.answerMs, this.isStuck())
    } catch {
      return true
    }
  }

  /** Whether a lane takes no job at two looks, although there are some that no one has. */
  private async isStuck(): Promise<boolean> {
    const queues = new Queues(this.redis)
    const now = new Set<Lane>()
    for (const lane of this.lanes.filter(({ isIdle }) => isIdle)) {
      const { wait = 0, active = 0 } = await queues
        .of(lane.device.name)
        .getJobCounts('wait', 'active')
      if (wait > 0 && active === 0) now.add(lane)
    }
    await queues.close()
    const isStuck = [...now].some((lane) => this.stuck.has(lane))
    this.stuck = now
    return isStuck
  }
}
