import { toLetiError, type RecordError } from '@leti/records'
import type { Line } from './input.js'
import type { Reports } from './record-line.js'
import { Turns } from './turns.js'

/** What is wrong with a line, as a worker thread tells it. */
export interface Problem {
  readonly place: string
  readonly message: string
  readonly kind?: string | undefined
  /** Where an internal error was thrown. */
  readonly trace?: string | undefined
}

/** Results in the order of the lines: text to write, problems to report. */
export interface BatchResult {
  readonly parts: readonly (string | Problem)[]
  readonly failed: boolean
}

/** Processes the lines of a batch. */
export type BatchWork = (lines: readonly Line[]) => Promise<BatchResult>

/**
 * Makes the work of batches from what is done with one line.
 *
 * @param tool name in the errors of records
 * @param work returns the line to write, if there is one
 */
export function batchWork(
  tool: string,
  work: (line: Line, reports: Reports) => Promise<string | undefined>,
): BatchWork {
  return async (lines) => {
    const results = new BatchResults(tool)
    const turns = new Turns()
    for (const line of lines) {
      if (turns.isOver()) await turns.next()
      const text = await work(line, results)
      if (text !== undefined) results.write(text)
    }
    return results.end()
  }
}

class BatchResults implements Reports {
  failed = false
  private readonly parts: (string | Problem)[] = []
  private text = ''

  constructor(private readonly tool: string) {}

  write(line: string): void {
    this.text += this.text ? `\n${line}` : line
  }

  fail(place: string, message: string, kind?: string): void {
    this.add({ place, message, kind })
  }

  caught(place: string, thrown: unknown): RecordError {
    const { code, message } = toLetiError(thrown)
    if (code === 'usage') throw thrown
    const trace = code === 'internal' && thrown instanceof Error ? thrown.stack : undefined
    this.add({ place, message, trace })
    return { tool: this.tool, code, message }
  }

  end(): BatchResult {
    if (this.text) this.parts.push(this.text)
    return { parts: this.parts, failed: this.failed }
  }

  private add(problem: Problem): void {
    this.failed = true
    if (this.text) this.parts.push(this.text)
    this.text = ''
    this.parts.push(problem)
  }
}
