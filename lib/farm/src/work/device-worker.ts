import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { WaitingError, Worker, type Job } from 'bullmq'
import {
  asLetiError,
  isIdentified,
  LetiError,
  messageOf,
  toLetiError,
  type LetiRecord,
} from '@leti/records'
import type { Redis } from 'ioredis'
import { ModelsAway } from '../fetched-models.js'
import { toJob, type FarmJob } from '../job.js'
import { QUEUES, queueName } from '../names.js'
import { ofPool } from '../pool.js'
import type { WorkerHere } from '../presence.js'
import { ResultStore } from '../store.js'
import { MAX_LOSSES, MAX_STALLED, type Timing } from '../timing.js'
import { isLoss, type FarmDevice } from './device.js'

/** Runs work on the machine of a device: one piece at a time. */
export type OnMachine = <T>(work: () => Promise<T>) => Promise<T>

export interface DeviceWorkerOptions {
  readonly timing: Timing
  readonly onMachine: OnMachine
  readonly say: (message: string) => void
  /** Tells others that the device is paused, why, or that it is not any more. */
  readonly news: () => void
  /** Aborted when the host stops to work: jobs are given back. */
  readonly signal: AbortSignal
}

/** Before a command that was refused is sent again, ms. */
const RETRY_MS = 1000

/** Jobs over which the mean time is taken, about. */
const MEAN_OF = 20

type DeviceJob = Job<FarmJob, null>

/** Takes the jobs of one device, while it can measure. */
export class DeviceWorker {
  state: WorkerHere['state'] = 'paused'
  detail = 'it is looked at'
  secondsPerJob: number | undefined
  private worker: Worker<FarmJob, null> | undefined
  private goodAt = -Infinity
  private looking: Promise<void> | undefined

  constructor(
    private readonly device: FarmDevice,
    private readonly options: DeviceWorkerOptions,
  ) {}

  /** Begins to take jobs from a server. After an earlier `disconnect`, from a new connection. */
  connect(redis: Redis): void {
    const { lockMs, stalledMs } = this.options.timing
    const store = new ResultStore(redis)
    const worker = new Worker<FarmJob, null, string>(
      queueName(this.device.name),
      (job, token = '') => this.process(store, job, token),
      {
        connection: redis,
        prefix: QUEUES,
        autorun: false,
        lockDuration: lockMs,
        stalledInterval: stalledMs,
        maxStalledCount: MAX_STALLED,
        removeOnComplete: { count: 0 },
      },
    )
    // What went wrong is tried again by BullMQ; what lasts is noticed by the watchdog.
    worker.on('error', () => undefined)
    this.worker = worker
    this.takeJobs(worker)
  }

  /** Whether it takes jobs, and has none. */
  get isIdle(): boolean {
    return this.state === 'ready'
  }

  /** Looks at the device while it has no job: a hub can show a dead phone as connected. */
  async lookIfIdle(): Promise<void> {
    const { worker } = this
    if (!worker || !this.isIdle) return
    if ((await this.options.onMachine(() => this.look())) === undefined) return
    await this.pause(worker)
  }

  /** Leaves a connection that may be dead. A measurement goes on; its job starts again elsewhere. */
  disconnect(): void {
    const { worker } = this
    this.worker = undefined
    void worker?.close(true).catch(() => undefined)
  }

  /** Gives the job back and ends, once the signal is aborted. */
  async close(): Promise<void> {
    await this.device.close()
    await this.worker?.close()
  }

  private takeJobs(worker: Worker): void {
    this.looking ??= this.untilReady().finally(() => (this.looking = undefined))
    void this.looking.then(() => {
      if (this.worker !== worker || this.options.signal.aborted) return
      // BullMQ's `resume` starts a worker that does not run.
      void worker.resume().catch(() => undefined)
    })
  }

  /** Looks at the device again and again. */
  private async untilReady(): Promise<void> {
    const { signal, timing } = this.options
    for (;;) {
      await this.untilRested()
      if (signal.aborted) return
      const problem = await this.options.onMachine(() => this.look())
      if (problem === undefined) return
      if (this.detail !== problem) this.options.say(`${this.device.name} is paused: ${problem}`)
      this.is('paused', problem)
      await delay(timing.probeMs, undefined, { signal }).catch(() => undefined)
    }
  }

  private async untilRested(): Promise<void> {
    const { signal } = this.options
    for (let ms = this.device.restMs; ms && !signal.aborted; ms = this.device.restMs) {
      this.is('paused', `it rests for ${(ms / 1000).toPrecision(2)} s`)
      await delay(ms, undefined, { signal }).catch(() => undefined)
    }
  }

  private async look(): Promise<string | undefined> {
    const isFresh = performance.now() - this.goodAt < this.options.timing.freshMs
    const problem = await this.device.problem(isFresh)
    if (problem === undefined) this.good()
    else this.goodAt = -Infinity
    return problem
  }

  private good(): void {
    this.goodAt = performance.now()
    this.is('ready', '')
  }

  private is(state: WorkerHere['state'], detail: string): void {
    const isNews = this.detail !== detail
    this.state = state
    this.detail = detail
    if (isNews) this.options.news()
  }

  /**
   * What fails here is the connection or the server, never the network: no failed attempt. The job starts again after its
   * claim has run out.
   */
  private async process(store: ResultStore, job: DeviceJob, token: string): Promise<null> {
    const { worker } = this
    try {
      if (worker && (await this.finish(worker, store, job))) return null
      if (worker) await this.giveBack(worker, job, token)
    } catch (error) {
      this.options.say(`${this.device.name}: a job starts again: ${messageOf(error)}`)
    }
    throw new WaitingError()
  }

  /** @returns whether the job has its result; else it is to be given back */
  private async finish(worker: Worker, store: ResultStore, job: DeviceJob): Promise<boolean> {
    const { id = '' } = job
    const { name } = this.device
    // Another worker died after it had measured, before the job was done.
    if (await this.persistently(worker, () => store.isMeasured(name, id))) return true
    const result = await this.options.onMachine(() => this.resultOf(job))
    if (!result) return false
    const farm = { job: id, device: name, host: hostname() }
    const line = JSON.stringify({ ...result, farm })
    await this.persistently(worker, () => store.append(name, id, line))
    if (this.device.restMs) await this.pause(worker)
    return true
  }

  /** Tries again what the server refuses, such as when its memory is full: no result is thrown away. */
  private async persistently<T>(worker: Worker, work: () => Promise<T>): Promise<T> {
    for (let isFirst = true; ; isFirst = false) {
      try {
        return await work()
      } catch (error) {
        if (this.worker !== worker || this.options.signal.aborted) throw error
        if (isFirst) this.options.say(`${this.device.name}: Redis refuses: ${messageOf(error)}`)
        await delay(RETRY_MS, undefined, { signal: this.options.signal }).catch(() => undefined)
      }
    }
  }

  /** The record with its measurement or error; `undefined` if the job is to be given back. */
  private async resultOf(job: DeviceJob): Promise<LetiRecord | undefined> {
    const { signal } = this.options
    if (signal.aborted) return undefined
    // Another device of its machine may have measured just now.
    if (this.device.restMs) return undefined
    const problem = await this.look()
    if (problem !== undefined) return undefined
    this.is('measuring', '')
    const start = performance.now()
    try {
      const given = toJob(job.data)
      const result = ofPool(await this.device.measure(given), given)
      this.tookSeconds((performance.now() - start + (this.device.restMs ?? 0)) / 1000)
      this.good()
      return result
    } catch (error) {
      if (signal.aborted || error instanceof ModelsAway) return undefined
      if (!isLoss(error)) {
        this.good()
        return withError(job, error)
      }
      this.goodAt = -Infinity
      return (await this.isLostAgain(job)) ? withError(job, tooOften(error)) : undefined
    }
  }

  /** Counts the losses of the device in the midst of a job: the job itself may be the cause. */
  private async isLostAgain(job: DeviceJob): Promise<boolean> {
    const losses = (job.data.losses ?? 0) + 1
    await job.updateData({ ...job.data, losses })
    return losses >= MAX_LOSSES
  }

  /** Puts the job back to the head of its queue, which is no failed attempt, and waits for the device. */
  private async giveBack(worker: Worker, job: DeviceJob, token: string): Promise<void> {
    await worker.pause(true)
    await job.moveToWait(token)
    this.takeJobs(worker)
  }

  /** Takes no job until the device is ready again. */
  private async pause(worker: Worker): Promise<void> {
    await worker.pause(true)
    this.takeJobs(worker)
  }

  private tookSeconds(seconds: number): void {
    const { secondsPerJob: mean = seconds } = this
    this.secondsPerJob = mean + (seconds - mean) / MEAN_OF
  }
}

function withError({ data }: DeviceJob, thrown: unknown): LetiRecord {
  const { code, message } = toLetiError(thrown)
  const { record } = data as { readonly record?: unknown }
  // Whoever reaches the server can write a job without a record: its result has no name of its own.
  const known = isIdentified(record) ? (record as LetiRecord) : { id: 'unknown' }
  return { ...known, error: { tool: 'farm', code, message } }
}

function tooOften(error: unknown): LetiError {
  const why = asLetiError(error)?.message ?? ''
  return new LetiError(
    'device-lost',
    `lost ${MAX_LOSSES} times in the midst of this network: ${why}`,
  )
}
