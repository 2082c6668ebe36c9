import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Io } from '@leti/pipe'
import { isObject, LetiError, type LetiRecord } from '@leti/records'
import type { Objective } from './objective.js'

/** How long the command may take to end after its input has ended, in ms. */
const GRACE_MS = 500

/** How many networks are sent at once: their text must not wait in memory. */
const MOST_SENT = 64

interface Waiting {
  resolve(line: string): void
  reject(error: Error): void
}

/**
 * A command that is kept running: it reads records, and writes a line for each, in their order, with the same `id`
 * and a number `objective`. Once it has failed it is not asked again.
 */
export class CommandObjective implements Objective {
  readonly isSlow = true
  private child: ChildProcess | undefined
  private readonly lines: string[] = []
  private waiting: Waiting | undefined
  private failure: LetiError | undefined
  private closing = false

  /** @param timeout seconds to wait for each answer */
  constructor(
    readonly name: string,
    private readonly timeout: number,
    private readonly io: Io,
  ) {}

  async valuesOf(records: readonly LetiRecord[]): Promise<(number | undefined)[]> {
    const values: (number | undefined)[] = []
    for (let start = 0; start < records.length; start += MOST_SENT) {
      const sent = records.slice(start, start + MOST_SENT)
      const child = this.started()
      child.stdin?.write(sent.map((record) => `${JSON.stringify(record)}\n`).join(''))
      for (const { id } of sent) values.push(this.valueIn(await this.answer(id), id))
    }
    return values
  }

  async close(): Promise<void> {
    const { child } = this
    this.closing = true
    if (child?.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.stdin?.end()
    const timer = setTimeout(() => killGroup(child), this.failure ? 0 : GRACE_MS)
    await ended
    clearTimeout(timer)
  }

  private started(): ChildProcess {
    if (this.failure) throw this.failure
    this.child ??= this.start()
    return this.child
  }

  private start(): ChildProcess {
    // In a group of its own, so that Ctrl-C reaches the search first, and what a shell started ends with it.
    const child = spawn(this.name, {
      shell: true,
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    child.on('error', (error) => this.fail(`cannot be started: ${error.message}`))
    child.on('close', (code, signal) => this.fail(ending(code, signal)))
    // A command that has ended takes no input: its end is reported.
    child.stdin.on('error', () => undefined)
    createInterface({ input: child.stdout, crlfDelay: Infinity }).on('line', (line) => {
      if (!line.trim()) return
      // Lines come in bursts: only the first of one may end the wait.
      const { waiting } = this
      this.waiting = undefined
      if (waiting) waiting.resolve(line)
      else this.lines.push(line)
    })
    this.io.signal.addEventListener('abort', () => this.fail('was interrupted'), { once: true })
    return child
  }

  private async answer(id: string): Promise<string> {
    const known = this.lines.shift()
    if (known !== undefined) return known
    if (this.failure) throw this.failure
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise<string>((resolve, reject) => {
        this.waiting = { resolve, reject }
        const slow = `gave no answer for ${id} within ${this.timeout} s; does it flush each line that it writes?`
        timer = setTimeout(() => this.fail(slow), 1000 * this.timeout)
      })
    } finally {
      clearTimeout(timer)
      this.waiting = undefined
    }
  }

  /** The value in an answer. One that has none is reported; one of another network ends the search. */
  private valueIn(line: string, id: string): number | undefined {
    const answer = parsed(line)
    if (!isObject(answer)) throw this.fail(`wrote a line that is no JSON object: ${start(line)}`)
    if (answer.id !== id) {
      const found = start(JSON.stringify(answer.id) ?? 'no id')
      throw this.fail(`answered out of order: ${found} where ${JSON.stringify(id)} was asked`)
    }
    const { objective, error } = answer
    if (typeof objective === 'number' && Number.isFinite(objective)) return objective
    const reason = isObject(error) && typeof error.message === 'string' ? `: ${error.message}` : ''
    this.io.fail(id, `the objective command gave no number as "objective"${reason}`)
    return undefined
  }

  private fail(problem: string): LetiError {
    if (!this.closing) {
      this.failure ??= new LetiError('model-failed', `the objective command ${problem}`)
      this.waiting?.reject(this.failure)
    }
    return this.failure ?? new LetiError('model-failed', problem)
  }
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

function ending(code: number | null, signal: NodeJS.Signals | null): string {
  return code === null ? `was ended by ${signal}` : `ended with exit code ${code}`
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function start(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text
}
