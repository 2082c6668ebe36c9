import { parentPort, Worker, workerData } from 'node:worker_threads'
import { asLetiError, LetiError, messageOf, type ErrorCode } from '@leti/records'

/** What a thread answers to each job, in their order. */
type Answer<Result> =
  { readonly result: Result } | { readonly code: ErrorCode | undefined; readonly message: string }

interface Waiting<Result> {
  readonly resolve: (result: Result) => void
  readonly reject: (error: Error) => void
}

interface Thread<Result> {
  readonly worker: Worker
  readonly waiting: Waiting<Result>[]
}

/** Limit on the young objects of a thread, MiB: records live shortly, and there are many threads. */
const YOUNG_MIB = 8

/** Runs a module in worker threads, which take jobs in turn. */
export class WorkerPool<Job, Result> {
  private readonly threads: readonly Thread<Result>[]

  /**
   * @param module calls `serveJobs`
   * @param settings what its function is made from
   */
  constructor(module: URL, settings: unknown, count: number) {
    this.threads = Array.from({ length: count }, () => started<Result>(module, settings))
  }

  /** Jobs of the thread that has the fewest. */
  get shortestQueue(): number {
    return this.idlest.waiting.length
  }

  /** The thread with the fewest jobs takes it. */
  run = (job: Job): Promise<Result> => {
    const thread = this.idlest
    return new Promise((resolve, reject) => {
      thread.waiting.push({ resolve, reject })
      thread.worker.postMessage(job)
    })
  }

  private get idlest(): Thread<Result> {
    return this.threads.reduce((a, b) => (b.waiting.length < a.waiting.length ? b : a))
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()))
  }
}

function started<Result>(module: URL, settings: unknown): Thread<Result> {
  const worker = new Worker(module, {
    workerData: settings,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
  })
  const waiting: Waiting<Result>[] = []
  worker.on('message', (answer: Answer<Result>) => {
    const next = waiting.shift()
    if ('result' in answer) next?.resolve(answer.result)
    else next?.reject(errorOf(answer))
  })
  const fail = (error: Error): void => {
    for (const next of waiting.splice(0)) next.reject(error)
  }
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('a worker thread ended early')))
  return { worker, waiting }
}

function errorOf({ code, message }: { code: ErrorCode | undefined; message: string }): Error {
  return code ? new LetiError(code, message) : new Error(message)
}

/** Serves the jobs of a `WorkerPool`, in a worker thread. */
export function serveJobs(workOf: (settings: never) => (job: never) => Promise<unknown>): void {
  const port = parentPort
  if (!port) throw new Error('this module is for worker threads')
  const work = workOf(workerData as never)
  let last = Promise.resolve()
  port.on('message', (job: unknown) => {
    last = last.then(async () => port.postMessage(await answerOf(work, job as never)))
  })
}

async function answerOf(
  work: (job: never) => Promise<unknown>,
  job: never,
): Promise<Answer<unknown>> {
  try {
    return { result: await work(job) }
  } catch (error) {
    return { code: asLetiError(error)?.code, message: messageOf(error) }
  }
}
