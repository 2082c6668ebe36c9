import type { BatchResult, BatchWork } from './batch.js'
import type { Line } from './input.js'
import type { Io } from './io.js'
import { WorkerPool } from './worker-pool.js'

/**
 * Lines of a batch at most: a few milliseconds of work at first, so that a short stream has enough for all threads.
 * Lines that follow each other have work in common, of which a long stream has more in longer batches.
 */
const FIRST_LINES = 256
const BATCH_LINES = 1024

/** The part of the lines so far that a batch may have. */
const PART = 1 / 64

/** Characters of a batch after which it is full: lines can be long. */
const BATCH_CHARACTERS = 1 << 18

/** Lines that this thread does itself before others are started, which takes as long. */
const ALONE_LINES = 2000

/** Batches on their way, for each thread: with fewer it would wait, more only take memory. */
const BATCHES_PER_THREAD = 3

export interface BatchOptions {
  /** Threads, this one included: it works when the others have enough to do. */
  readonly jobs: number
  /** Does the same in this thread. */
  readonly work: BatchWork
  /** A module that calls `serveJobs`, and what it makes its work from. */
  readonly module: URL
  readonly settings: unknown
}

/**
 * Passes the lines of the files through worker threads, in batches, and writes the results in the order
 * of the lines. What has been read is sent off whenever the input pauses. Errors are reported as by
 * `eachRecord`, each at the place of its line.
 *
 * @throws what a line causes as wrong usage
 */
export async function eachBatch(
  io: Io,
  files: readonly string[],
  options: BatchOptions,
): Promise<void> {
  const batches = new Batches(io, options)
  try {
    // A terminal that shows the results needs no progress.
    for await (const line of io.lines(files, !process.stdout.isTTY)) await batches.add(line)
    await batches.end()
  } finally {
    await batches.close()
  }
}

class Batches {
  private lines: Line[] = []
  private characters = 0
  private count = 0
  private last: Promise<void> = Promise.resolve()
  private pool: WorkerPool<readonly Line[], BatchResult> | undefined
  /** Resolve when the batches on their way are written, in their order. */
  private readonly onTheirWay: Promise<void>[] = []

  constructor(
    private readonly io: Io,
    private readonly options: BatchOptions,
  ) {}

  async add(line: Line): Promise<void> {
    // Comes after the lines that are there already.
    if (!this.lines.length) setImmediate(() => this.send())
    this.lines.push(line)
    this.characters += line.text.length
    if (this.lines.length < this.most && this.characters < BATCH_CHARACTERS) return
    this.send()
    const most = BATCHES_PER_THREAD * this.options.jobs
    while (this.onTheirWay.length >= most) await this.onTheirWay.shift()
  }

  private get most(): number {
    return Math.min(Math.max(FIRST_LINES, PART * this.count), BATCH_LINES)
  }

  async end(): Promise<void> {
    this.send()
    for (const written of this.onTheirWay) await written
  }

  async close(): Promise<void> {
    await this.pool?.close()
  }

  private send(): void {
    const { lines, onTheirWay } = this
    if (!lines.length) return
    this.lines = []
    this.characters = 0
    const written = this.writeAfter(this.last, this.workFor(lines.length)(lines))
    // An error is thrown where the batch is awaited.
    written.catch(() => undefined)
    this.last = written
    onTheirWay.push(written)
  }

  private workFor(count: number): BatchWork {
    const { jobs, work, module, settings } = this.options
    this.count += count
    if (jobs === 1 || this.count <= ALONE_LINES) return work
    this.pool ??= new WorkerPool(module, settings, jobs - 1)
    return this.pool.shortestQueue < BATCHES_PER_THREAD ? this.pool.run : work
  }

  /** @throws what the batch or one before it threw */
  private async writeAfter(before: Promise<void>, result: Promise<BatchResult>): Promise<void> {
    const [{ parts, failed }] = await Promise.all([result, before])
    if (failed) this.io.failed = true
    for (const part of parts) {
      if (typeof part === 'string') await this.io.writeLine(part)
      else this.io.tell(part)
    }
  }
}
