import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { LetiError } from '@leti/records'

export interface ProgramOptions {
  /** How errors name it: `the objective command`. */
  readonly what: string
  /** Seconds to wait for each line. */
  readonly timeout: number
  /** How long it may take to end when it should, in ms. */
  readonly graceMs: number
  /** Ends it. */
  readonly signal: AbortSignal
}

interface Waiting {
  resolve(line: string | undefined): void
  reject(error: Error): void
}

/**
 * A command of the user that reads lines and writes lines. Once it has failed, it is not asked again: every call
 * throws the same error.
 */
export class Program {
  private readonly child: ChildProcess
  private readonly lines: string[] = []
  private waiting: Waiting | undefined
  private failure: LetiError | undefined
  private inputEnded = false
  private ended = false
  private closing = false

  constructor(
    command: string,
    private readonly options: ProgramOptions,
  ) {
    // In a group of its own, so that Ctrl-C reaches the search first, and what a shell started ends with it.
    const child = spawn(command, {
      shell: true,
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.child = child
    child.on('error', (error) => this.fail(`cannot be started: ${error.message}`))
    child.on('close', (code, signal) => this.onEnd(code, signal))
    // A command that has ended takes no input: its end is reported.
    child.stdin.on('error', () => undefined)
    const lines = createInterface({ input: child.stdout, crlfDelay: Infinity })
    lines.on('line', (line) => this.onLine(line))
    options.signal.addEventListener('abort', this.onAbort, { once: true })
  }

  send(lines: readonly string[]): void {
    if (this.failure) throw this.failure
    this.child.stdin?.write(lines.map((line) => `${line}\n`).join(''))
  }

  /** Tells it that no more input comes: it may end then. */
  endInput(): void {
    this.inputEnded = true
    this.child.stdin?.end()
  }

  /**
   * The next line that it writes; `undefined` if it has ended after its input.
   *
   * @param late the problem if none comes in time
   */
  async next(late: string): Promise<string | undefined> {
    const known = this.lines.shift()
    if (known !== undefined) return known
    if (this.failure) throw this.failure
    if (this.ended) return undefined
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise<string | undefined>((resolve, reject) => {
        this.waiting = { resolve, reject }
        timer = setTimeout(() => this.fail(late), 1000 * this.options.timeout)
      })
    } finally {
      clearTimeout(timer)
      this.waiting = undefined
    }
  }

  /** Gives it up. */
  fail(problem: string): LetiError {
    const error = new LetiError('model-failed', `${this.options.what} ${problem}`)
    if (this.closing) return this.failure ?? error
    this.failure ??= error
    this.waiting?.reject(this.failure)
    return this.failure
  }

  async close(): Promise<void> {
    const { child, options } = this
    this.closing = true
    options.signal.removeEventListener('abort', this.onAbort)
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.stdin?.end()
    if (this.failure) killGroup(child, 'SIGTERM')
    const timer = setTimeout(() => killGroup(child, 'SIGKILL'), options.graceMs)
    await ended
    clearTimeout(timer)
  }

  private readonly onAbort = (): void => void this.fail('was interrupted')

  private onLine(line: string): void {
    if (!line.trim()) return
    // Lines come in bursts: only the first of one may end the wait.
    const { waiting } = this
    this.waiting = undefined
    if (waiting) waiting.resolve(line)
    else this.lines.push(line)
  }

  /** Exit code 1 says that some records failed. */
  private onEnd(code: number | null, signal: NodeJS.Signals | null): void {
    if (!this.inputEnded || (code !== 0 && code !== 1)) {
      this.fail(code === null ? `was ended by ${signal}` : `ended with exit code ${code}`)
      return
    }
    this.ended = true
    this.waiting?.resolve(undefined)
  }
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}

/** The start of a text, for a message. */
export function start(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text
}
