import type { Io } from '@leti/pipe'
import { isObject, type LetiRecord } from '@leti/records'
import { Program, start } from '../program.js'
import type { Objective } from './objective.js'

/** How long the command may take to end after its input has ended, in ms. */
const GRACE_MS = 500

/** How many networks are sent at once: their text must not wait in memory. */
const MOST_SENT = 64

/**
 * A command that is kept running: it reads records, and writes a line for each, in their order, with the same `id`
 * and a number `objective`.
 */
export class CommandObjective implements Objective {
  readonly isSlow = true
  private program: Program | undefined

  /** @param timeout seconds to wait for each answer */
  constructor(
    readonly name: string,
    private readonly timeout: number,
    private readonly io: Io,
  ) {}

  async valuesOf(records: readonly LetiRecord[]): Promise<(number | undefined)[]> {
    const values: (number | undefined)[] = []
    for (let first = 0; first < records.length; first += MOST_SENT) {
      values.push(...(await this.asked(records.slice(first, first + MOST_SENT))))
    }
    return values
  }

  async close(): Promise<void> {
    await this.program?.close()
  }

  private async asked(records: readonly LetiRecord[]): Promise<(number | undefined)[]> {
    const { name, timeout, io } = this
    this.program ??= new Program(name, {
      what: 'the objective command',
      timeout,
      graceMs: GRACE_MS,
      signal: io.signal,
    })
    this.program.send(records.map((record) => JSON.stringify(record)))
    const values: (number | undefined)[] = []
    for (const { id } of records) {
      const late = `gave no answer for ${id} within ${timeout} s; does it flush each line that it writes?`
      const line = (await this.program.next(late)) ?? ''
      values.push(this.valueIn(line, id, this.program))
    }
    return values
  }

  /** The value in an answer. One that has none is reported; one of another network ends the search. */
  private valueIn(line: string, id: string, program: Program): number | undefined {
    const answer = parsed(line)
    if (!isObject(answer)) throw program.fail(`wrote a line that is no JSON object: ${start(line)}`)
    if (answer.id !== id) {
      const found = start(JSON.stringify(answer.id) ?? 'no id')
      throw program.fail(`answered out of order: ${found} where ${JSON.stringify(id)} was asked`)
    }
    const { objective, error } = answer
    if (typeof objective === 'number' && Number.isFinite(objective)) return objective
    const reason = isObject(error) && typeof error.message === 'string' ? `: ${error.message}` : ''
    this.io.fail(id, `the objective command gave no number as "objective"${reason}`)
    return undefined
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
