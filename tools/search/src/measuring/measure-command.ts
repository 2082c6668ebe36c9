import type { Io } from '@leti/pipe'
import { isObject, LetiError, messageOf, toRecord, type LetiRecord } from '@leti/records'
import { Program, start } from '../program.js'

/** How long the command may take to close its devices, in ms. */
const GRACE_MS = 30_000

const WHAT = 'the measure command'

/**
 * Has a command measure networks, and yields each answer as it comes. They may come in any order, since visits are
 * in random orders, and a network may have several.
 *
 * @param timeout seconds to wait for each answer
 * @throws {LetiError} `model-failed` if the command fails, or answers something else; what came before it counts
 */
export async function* measuredBy(
  command: string,
  records: readonly LetiRecord[],
  timeout: number,
  { signal }: Pick<Io, 'signal'>,
): AsyncGenerator<LetiRecord> {
  const program = new Program(command, { what: WHAT, timeout, graceMs: GRACE_MS, signal })
  const asked = new Set(records.map(({ id }) => id))
  const missing = new Set(asked)
  const late = (): string =>
    `gave no answer within ${timeout} s; ${missing.size} of ${asked.size} networks are not measured`
  try {
    program.send(records.map((record) => JSON.stringify(record)))
    program.endInput()
    for (let line = await program.next(late()); line; line = await program.next(late())) {
      const answer = answerIn(line, asked, program)
      missing.delete(answer.id)
      yield answer
    }
    const [first] = missing
    if (first !== undefined) throw program.fail(`ended without an answer for ${first}`)
  } finally {
    await program.close()
  }
}

function answerIn(line: string, asked: ReadonlySet<string>, program: Program): LetiRecord {
  const answer = recordIn(line)
  if (answer instanceof Error) {
    throw program.fail(`wrote a line that is no record: ${messageOf(answer)}: ${start(line)}`)
  }
  const { id, measurement, error } = answer
  if (!asked.has(id)) throw program.fail(`answered for ${start(id)}, which was not asked`)
  if (measurement || error) return answer
  throw program.fail(`gave neither a measurement nor an error for ${id}`)
}

function recordIn(line: string): LetiRecord | Error {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? toRecord(value) : new LetiError('bad-input', 'not an object')
  } catch (error) {
    return error as Error
  }
}
