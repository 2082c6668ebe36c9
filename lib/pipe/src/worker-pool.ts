import { parentPort, Worker, workerData } from 'node:worker_threads'
import { asLetiError, LetiError, messageOf, type ErrorCode } from '@leti/records'
import type { BatchResult, BatchWork } from './batch.js'
import type { Line } from './input.js'

/** What a thread answers to each batch, in their order. */
type Answer =
  | { readonly result: BatchResult }
  | { readonly code: ErrorCode | undefined; readonly message: string }

interface Waiting {
  readonly resolve: (result: BatchResult) => void
  readonly reject: (error: Error) => void
}

/** Limit on the young objects of a thread, MiB: records live shortly, and there are many threads. */
const YOUNG_MIB = 8

/** Runs a module in worker threads, which take batches in turn. */
export class WorkerPool {
  private readonly threads: { readonly worker: Worker; readonly waiting: Waiting[] }[]

  /**
   * @param module calls `serveBatches`
   * @param settings what its function is made from
   */
  constructor(module: URL, settings: unknown, count: number) {
    this.threads = Array.from({ length: count }, () => started(module, settings))
  }

  /** The thread with the fewest batches takes it. */
  run: BatchWork = (lines) => {
    const thread = this.threads.reduce((a, b) => (b.waiting.length < a.waiting.length ? b : a))
    return new Promise((resolve, reject) => {
      thread.waiting.push({ resolve, reject })
      thread.worker.postMessage(lines)
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()))
  }
}

function started(module: URL, settings: unknown) {
  const worker = new Worker(module, {
    workerData: settings,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
  })
  const waiting: Waiting[] = []
  worker.on('message', (answer: Answer) => {
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

/** Serves the batches of a `WorkerPool`, in a worker thread. */
export function serveBatches(workOf: (settings: never) => BatchWork): void {
  const port = parentPort
  if (!port) throw new Error('this module is for worker threads')
  const work = workOf(workerData as never)
  let last = Promise.resolve()
  port.on('message', (lines: readonly Line[]) => {
    last = last.then(async () => port.postMessage(await answerOf(work, lines)))
  })
}

async function answerOf(work: BatchWork, lines: readonly Line[]): Promise<Answer> {
  try {
    return { result: await work(lines) }
  } catch (error) {
    return { code: asLetiError(error)?.code, message: messageOf(error) }
  }
}
