import { setTimeout as delay } from 'node:timers/promises'
import type { LetiRecord } from '@leti/records'
import { jobId, type FarmJob, type JobProtocol } from './job.js'
import { unitOf, type Pool } from './pool.js'
import type { Queues } from './queues.js'
import type { ResultStore } from './store.js'

/** Jobs that wait on one device at most: each takes about 1 kB of the server's memory. */
const MOST_WAITING = 1000
/** Jobs that are sent at once. */
const BATCH = 100
/** Between two looks whether there is room again, ms. */
const LOOK_MS = 500

/** Jobs whose results were collected: a set, or one that grows. */
export interface Finished {
  has(job: string): boolean
  /** Looks for more. */
  update?(): Promise<void>
}

export interface SubmitOptions {
  readonly devices: readonly string[]
  /** Each visit of a network is on one of its phones. */
  readonly pool?: Pool | undefined
  readonly protocol: JobProtocol
  readonly visit: number
  readonly finished: Finished
  readonly signal: AbortSignal
}

interface Waiting {
  readonly device: string
  readonly id: string
  readonly job: FarmJob
}

/** Puts records into the queues of devices, and waits while these are full. */
export class Submitter {
  /** Jobs that were not submitted, since they wait or have a result. */
  skipped = 0
  submitted = 0
  private waiting: Waiting[] = []
  private last: Promise<void> = Promise.resolve()
  private scheduled: NodeJS.Immediate | undefined

  constructor(
    private readonly queues: Queues,
    private readonly store: ResultStore,
    private readonly options: SubmitOptions,
  ) {}

  /** Submits a record for every device. What was added is sent when there is enough of it, or when the input pauses. */
  async add(record: LetiRecord): Promise<void> {
    const { devices, pool, protocol, visit } = this.options
    const job = { record, protocol, visit }
    for (const device of devices) this.wait(device, job)
    if (pool) this.wait(unitOf(pool, record, visit), { ...job, pool: pool.name })
    if (this.waiting.length >= BATCH) await this.flush()
    else this.scheduled ??= setImmediate(() => void this.flush().catch(() => undefined))
  }

  private wait(device: string, job: FarmJob): void {
    const id = jobId(device, job)
    if (this.options.finished.has(id)) this.skipped++
    else this.waiting.push({ device, id, job })
  }

  /** Sends what was added. */
  async flush(): Promise<void> {
    clearImmediate(this.scheduled)
    this.scheduled = undefined
    const batch = this.waiting
    this.waiting = []
    this.last = this.last.then(() => this.send(batch))
    await this.last
  }

  /** Hands on a record that no device can measure, such as one with an error: it is a result already. */
  async pass(record: LetiRecord): Promise<void> {
    const { protocol, visit } = this.options
    const id = jobId('', { record, protocol, visit })
    const [isNew] = await this.fresh('', [{ id }])
    if (isNew) await this.store.pass(id, JSON.stringify({ ...record, farm: { job: id } }))
    else this.skipped++
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    for (const device of new Set(batch.map((waiting) => waiting.device))) {
      const jobs = batch.filter((waiting) => waiting.device === device)
      if (jobs.length) await this.sendTo(device, jobs)
    }
  }

  private async sendTo(device: string, jobs: readonly Waiting[]): Promise<void> {
    const { signal } = this.options
    const queue = this.queues.of(device)
    let fresh = await this.fresh(device, jobs)
    // After a wait, another submitter may have submitted them.
    while (fresh.length && (await queue.getWaitingCount()) + fresh.length > MOST_WAITING) {
      await delay(LOOK_MS, undefined, { signal })
      fresh = await this.fresh(device, fresh)
    }
    signal.throwIfAborted()
    this.skipped += jobs.length - fresh.length
    if (!fresh.length) return
    await queue.addBulk(
      fresh.map(({ id, job }) => ({ name: 'measure', data: job, opts: { jobId: id } })),
    )
    this.submitted += fresh.length
  }

  /** Those that were not submitted yet. */
  private async fresh<T extends { readonly id: string }>(device: string, jobs: readonly T[]) {
    const { finished } = this.options
    // A job goes from the queue to the results, and from there to the finished ones: in this order, none is missed on its way.
    const known = await this.store.know(
      device,
      jobs.map(({ id }) => id),
    )
    await finished.update?.()
    return jobs.filter(({ id }, index) => !known[index] && !finished.has(id))
  }
}
