import { LetiError, toLetiError, type LetiRecord, type RecordError } from '@leti/records'
import type { Problem } from './batch.js'
import { readLines, type Line } from './input.js'
import { Output } from './output.js'
import { say, sayLines, sayTrace } from './people.js'
import { startProgress, startReading, startWriting, type Progress } from './progress.js'
import { recordOf, valueOf, type PlacedRecord, type Reports } from './record-line.js'
import { Repeats } from './repeats.js'
import type { Stop } from './stop.js'

export interface IoOptions {
  /** The command as the user types it, such as `leti train`. */
  readonly tool: string
  /** The tool's name in the errors of records, such as `train`. */
  readonly name: string
  readonly quiet: boolean
  readonly strict: boolean
  readonly verbose: boolean
}

/** The input and output of a tool. stdout carries data, stderr carries messages for people. */
export class Io implements Reports {
  /** Whether any record failed: exit code 1. */
  failed = false
  private readonly output = new Output(process.stdout)
  private readonly repeats: Repeats

  constructor(
    private readonly options: IoOptions,
    private readonly stop: Stop,
  ) {
    this.repeats = new Repeats(options.verbose)
  }

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
   * reported with its place; if it has an id, it becomes a record with an `error`, else it is skipped.
   * Ends early when the signal aborts.
   *
   * @param isShown whether a terminal shows how much was read
   */
  async *records(files: readonly string[] = [], isShown = false): AsyncGenerator<PlacedRecord> {
    for await (const line of this.lines(files, isShown)) {
      const placed = recordOf(line, this)
      if (placed) yield placed
    }
  }

  /** Reads the files as one JSON value a line. Other lines are reported and skipped. */
  async *json(
    files: readonly string[] = [],
  ): AsyncGenerator<{ value: unknown; text: string; place: string }> {
    for await (const line of this.lines(files)) {
      const found = valueOf(line, this)
      if (found) yield { ...line, ...found }
    }
  }

  /**
   * Reads the lines of the files; without files, of stdin. Ends when the signal aborts.
   *
   * @param isShown whether a terminal shows how much was read
   */
  lines(files: readonly string[] = [], isShown = false): AsyncGenerator<Line> {
    return readLines(files, {
      startReading: isShown ? () => startReading(files, this.options.quiet) : undefined,
      signal: this.signal,
      refuse: (place, message) => this.fail(place, message),
    })
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

  /** Sends what was written, and counts the messages that were not shown. */
  async end(): Promise<void> {
    await this.output.flush()
    this.repeats.sayCounts(this.options.tool)
  }

  /**
   * Reports an error at a place of the input and sets exit code 1. Errors alike are counted.
   *
   * @param kind what errors alike have in common: their message without names and numbers
   * @throws {LetiError} `bad-input` with --strict, which ends the run
   */
  fail(place: string, message: string, kind = message): void {
    this.failed = true
    const line = `${place}: ${message}`
    if (this.options.strict) throw new LetiError('bad-input', line)
    this.repeats.say(line, kind)
  }

  /**
   * Reports whatever was thrown while the record at this place was processed: it is that record's error.
   *
   * @returns the record's `error`
   * @throws the error itself if it is wrong usage, which no record causes
   */
  caught(place: string, thrown: unknown): RecordError {
    const error = toLetiError(thrown)
    if (error.code === 'usage') throw error
    this.fail(place, error.message)
    if (error.code === 'internal' && this.options.verbose) sayTrace(thrown)
    return { tool: this.options.name, code: error.code, message: error.message }
  }

  /** Reports a problem that was found in a batch. */
  tell({ place, message, kind, trace }: Problem): void {
    this.fail(place, message, kind)
    if (trace !== undefined && this.options.verbose) sayLines(trace)
  }

  /**
   * Prints one line after the tool's name. Silent with --quiet.
   *
   * @param place of the input that it concerns: then warnings alike are counted
   */
  warn(message: string, place?: string): void {
    if (this.options.quiet) return
    const { tool } = this.options
    if (place === undefined) say(`${tool}: ${message}`)
    else this.repeats.say(`${tool}: ${place}: ${message}`, message)
  }

  /** Prints one line like `warn`, but only with --verbose. */
  explain(message: string, place?: string): void {
    if (this.options.verbose) this.warn(message, place)
  }

  /** Prints lines that ask a person to do something, without which the run does not go on: also with --quiet. */
  ask(text: string): void {
    sayLines(text)
  }

  /**
   * Prints text about the results without the tool's name in front, such as a table. Silent with --quiet, and
   * if the results were not written.
   */
  async print(text: string): Promise<void> {
    await this.output.flush()
    if (!this.options.quiet && !this.signal.aborted) sayLines(text)
  }

  async progress(label: string, total = 0): Promise<Progress> {
    return startProgress(label, total, this.options.quiet)
  }

  /** Progress of records that the tool makes itself and writes at once. */
  async writing(total: number): Promise<Progress> {
    return startWriting(total, this.options.quiet)
  }
}
