import { asLetiError, LetiError, messageOf, toRecord, type LetiRecord } from '@leti/records'
import { readLines } from './input.js'
import { Output } from './output.js'
import { startProgress, type Progress } from './progress.js'

/** A record and where it was read: `stdin:17`. */
export interface PlacedRecord {
  readonly record: LetiRecord
  /** The line that it was read from. */
  readonly text: string
  readonly place: string
}

export interface IoOptions {
  readonly tool: string
  readonly quiet: boolean
  readonly strict: boolean
}

/** What a tool reads, writes and says. stdout is data, stderr is for people. */
export class Io {
  /** Whether something went wrong with a record: exit code 1. */
  failed = false
  private readonly output = new Output(process.stdout)

  constructor(
    private readonly options: IoOptions,
    /** Aborts on Ctrl-C and when nobody reads stdout any more. */
    readonly signal: AbortSignal,
  ) {}

  /**
   * The records of the files (stdin where there are none). A line that is no record is reported with
   * its place and left out. Ends early when the signal aborts.
   */
  async *records(files: readonly string[] = []): AsyncGenerator<PlacedRecord> {
    for await (const { value, text, place } of this.json(files)) {
      try {
        yield { record: toRecord(value), text, place }
      } catch (error) {
        if (asLetiError(error)?.code !== 'bad-input') throw error
        this.fail(place, messageOf(error))
      }
    }
  }

  /** The JSON values of the files, one a line; what is no JSON is reported and left out. */
  async *json(
    files: readonly string[] = [],
  ): AsyncGenerator<{ value: unknown; text: string; place: string }> {
    for await (const { text, place } of readLines(files)) {
      if (this.signal.aborted) return
      let value: unknown
      try {
        value = JSON.parse(text)
      } catch (error) {
        this.fail(place, `not JSON: ${messageOf(error)}`)
        continue
      }
      yield { value, text, place }
    }
  }

  /** Writes a record as one line. */
  async write(record: LetiRecord): Promise<void> {
    return this.output.write(JSON.stringify(record))
  }

  /** Writes text as it is: lines that are no records, or records that are text already. */
  async writeLine(text: string): Promise<void> {
    return this.output.write(text)
  }

  async flush(): Promise<void> {
    return this.output.flush()
  }

  /** Reports what is wrong at a place; the run goes on unless it is strict. */
  fail(place: string, message: string): void {
    this.failed = true
    if (this.options.strict) throw new LetiError('bad-input', `${place}: ${message}`)
    this.say(`${place}: ${message}`)
  }

  warn(message: string): void {
    if (!this.options.quiet) this.say(`${this.options.tool}: ${message}`)
  }

  /** Text for a person that is wanted for itself, such as a table. */
  print(text: string): void {
    if (!this.options.quiet) this.say(text)
  }

  async progress(label: string, total = 0): Promise<Progress> {
    return startProgress(label, total, this.options.quiet)
  }

  private say(message: string): void {
    process.stderr.write(message + '\n')
  }
}
