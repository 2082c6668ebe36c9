import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { LetiError } from '@leti/records'
import { KEYS } from './names.js'
import { whoIsHere } from './presence.js'
import type { Queues } from './queues.js'
import { settleFailed } from './settle.js'
import type { Entry, ResultStore } from './store.js'

/** Results that are read at once. */
const BATCH = 500
/** Between two looks for results, ms. */
const LOOK_MS = 200
/** Between two looks for jobs that were given up, and whether all is done, ms. */
const SETTLE_MS = 1000
/** A collector that has given no sign for so long is gone, ms. */
const CLAIM_MS = 15_000

export interface CollectOptions {
  /** Whether to wait for more when everything that was submitted is there. */
  readonly follow: boolean
  readonly signal: AbortSignal
  readonly say: (message: string) => void
}

/** Reads the results. There is one collector at a time. */
export class Collector {
  private readonly token = `${hostname()} process ${process.pid} ${randomUUID()}`
  private renewal: NodeJS.Timeout | undefined
  private isReplaced = false
  private settledAt = -Infinity

  constructor(
    private readonly queues: Queues,
    private readonly store: ResultStore,
    private readonly options: CollectOptions,
  ) {}

  /** Waits until no other collector is there. What has been written may be read from then on. */
  async start(): Promise<void> {
    const { signal, say } = this.options
    const { redis } = this.queues
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const claimed = await redis.set(KEYS.collector, this.token, 'PX', CLAIM_MS, 'NX')
      if (claimed === 'OK') break
      const holder = (await redis.get(KEYS.collector)) ?? ''
      if (isFirst) say(`waiting for the collector on ${holder.split(' ').slice(0, 3).join(' ')}`)
      await delay(LOOK_MS, undefined, { signal }).catch(() => undefined)
    }
    this.renewal = setInterval(() => void this.renew().catch(() => undefined), CLAIM_MS / 3)
  }

  /**
   * Results as they come, in batches; each again until it is removed from the store.
   *
   * @throws {LetiError} `usage` if another collector has taken over
   */
  async *batches(): AsyncGenerator<Entry[]> {
    const { signal, follow } = this.options
    let after = ''
    while (!signal.aborted) {
      if (this.isReplaced) {
        throw new LetiError('usage', 'another collector has taken over: this one was away too long')
      }
      const isDone = await this.settle()
      const entries = await this.store.read(after, BATCH)
      if (entries.length) {
        after = entries[entries.length - 1].at
        yield entries
      } else if (isDone && !follow) {
        return
      } else {
        await delay(LOOK_MS, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  /** Lets another collector in. */
  async end(): Promise<void> {
    const { redis } = this.queues
    clearInterval(this.renewal)
    if ((await redis.get(KEYS.collector)) === this.token) await redis.del(KEYS.collector)
  }

  /** @returns whether no job was left, and no one submitted, before the results are read that follow */
  private async settle(): Promise<boolean> {
    if (performance.now() - this.settledAt < SETTLE_MS) return false
    this.settledAt = performance.now()
    await settleFailed(this.queues, this.store)
    const here = await whoIsHere(this.queues.redis)
    if (here.some(({ role }) => role === 'submit')) return false
    for (const device of await this.queues.devices()) {
      const { wait, active, failed } = await this.queues
        .of(device)
        .getJobCounts('wait', 'active', 'failed')
      if (wait + active + failed > 0) return false
    }
    return true
  }

  private async renew(): Promise<void> {
    const { redis } = this.queues
    await redis.set(KEYS.collector, this.token, 'PX', CLAIM_MS, 'NX')
    this.isReplaced = (await redis.get(KEYS.collector)) !== this.token
    if (!this.isReplaced) await redis.pexpire(KEYS.collector, CLAIM_MS)
  }
}
