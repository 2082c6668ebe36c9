import { asLetiError, LetiError, messageOf, toRecord, type LetiRecord } from '@leti/records'
import { readLines, type Line } from './input.js'
import { Output } from './output.js'
import { say, sayLines } from './people.js'
import { startProgress, type Progress } from './progress.js'
import type { Stop } from './stop.js'

/** A record and its place in the input. */
export interface PlacedRecord {
  readonly record: LetiRecord
  /** The line that holds it. */
  readonly text: string
  /** Source and line number: `stdin:17`. */
  readonly place: string
}

export interface IoOptions {
  readonly tool: string
  readonly quiet: boolean
  readonly strict: boolean
}

/** The input and output of a tool. stdout carries data, stderr carries messages for people. */
export class Io {
  /** Whether any record failed: exit code 1. */
  failed = false
  private readonly output = new Output(process.stdout)

  constructor(
    private readonly options: IoOptions,
    private readonly stop: Stop,
  ) {}

  /** Aborts on Ctrl-C, and when stdout takes no more. */
  get signal(): AbortSignal {
    return this.stop.signal
  }

  /** Sets the longest time from the abort to the end of the process; 1 second by default. */
  endWithin(seconds: number): void {
    this.stop.endWithin(seconds)
  }

  /**
   * Reads the records of the files; without files, of stdin. A line that is not a valid record is
   * reported with its place and skipped. Ends early when the signal aborts.
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

  /** Reads the files as one JSON value a line. Other lines are reported and skipped. */
  async *json(
    files: readonly string[] = [],
  ): AsyncGenerator<{ value: unknown; text: string; place: string }> {
    for await (const { text, place } of this.lines(files)) {
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

  /** Reads the lines of the files; without files, of stdin. Ends when the signal aborts. */
  lines(files: readonly string[] = []): AsyncGenerator<Line> {
    return readLines(files, this.signal)
  }

  /** Writes a record as one line. */
  async write(record: LetiRecord): Promise<void> {
    return this.output.write(JSON.stringify(record))
  }

  /** Writes a line of text: a record that is serialized already, or output that is not a record. */
  async writeLine(text: string): Promise<void> {
    return this.output.write(text)
  }

  async flush(): Promise<void> {
    return this.output.flush()
  }

  /**
   * Reports an error at a place of the input and sets exit code 1.
   *
   * @throws {LetiError} `bad-input` with --strict, which ends the run
   */
  fail(place: string, message: string): void {
    this.failed = true
    if (this.options.strict) throw new LetiError('bad-input', `${place}: ${message}`)
    say(`${place}: ${message}`)
  }

  /** Prints one line after the tool's name. Silent with --quiet. */
  warn(message: string): void {
    if (!this.options.quiet) say(`${this.options.tool}: ${message}`)
  }

  /** Prints text without the tool's name in front, such as a table. Silent with --quiet. */
  print(text: string): void {
    if (!this.options.quiet) sayLines(text)
  }

  async progress(label: string, total = 0): Promise<Progress> {
    return startProgress(label, total, this.options.quiet)
  }
}
