import type { Io } from '@leti/pipe'
import { loadPredictor, ReferenceTable, TABLES, type Predictor } from '@leti/predictors'
import { isObject, LetiError, messageOf, parseJson, toRecord, type Statistic } from '@leti/records'
import { readGiven } from '@leti/records/files'

/** The contents of the `--reference` files: predictors of other devices, or measurements on them. */
export interface References {
  readonly predictors: readonly Predictor[]
  /** Absent if no file holds records. */
  readonly table?: ReferenceTable
}

/**
 * Reads predictors and files of measured records. A damaged record is reported and left out.
 *
 * @throws {LetiError} `usage` if a file cannot be read or is neither, or if both kinds of files are given
 */
export async function readReferences(
  paths: readonly string[],
  statistic: Statistic,
  io: Io,
): Promise<References> {
  const predictors: Predictor[] = []
  let table: ReferenceTable | undefined
  for (const path of paths) {
    // The whole file at once, because the path may be a pipe.
    const text = await readGiven(path, io.signal)
    if (holdsRecords(text)) addRecords((table ??= new ReferenceTable(statistic)), text, path, io)
    else predictors.push(predictorIn(text, path))
  }
  if (!table) return { predictors }
  if (!predictors.length) return { predictors, table }
  throw new LetiError('usage', '--reference: use either predictors or measured records, not both')
}

/** @throws {LetiError} `usage` if a reference was not trained on the search spaces of the records */
export function checkSpaces(references: readonly Predictor[], spaces: readonly string[]): void {
  for (const { name, file } of references) {
    const unknown = spaces.find((space) => file.spaces.length && !file.spaces.includes(space))
    if (unknown === undefined) continue
    const known = file.spaces.join(', ')
    throw new LetiError(
      'usage',
      `${name} was trained on ${known}; the records are of search space "${unknown}"`,
    )
  }
}

/** Whether the first line is a record. A predictor file has no id. */
function holdsRecords(text: string): boolean {
  const first = /^\s*(\S.*)/.exec(text)?.[1] ?? ''
  try {
    const value = parseJson(first)
    return isObject(value) && value.id !== undefined
  } catch {
    return false
  }
}

function addRecords(table: ReferenceTable, text: string, path: string, io: Io): void {
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.trim()) continue
    try {
      const record = toRecord(parseJson(line))
      if (record.error) io.failed = true
      else table.add(record)
    } catch (error) {
      io.fail(`${path}:${index + 1}`, messageOf(error))
    }
  }
}

function predictorIn(text: string, path: string): Predictor {
  let predictor
  try {
    predictor = loadPredictor(text)
  } catch (error) {
    const message = `${path} is neither a predictor file nor a file of measured records: ${messageOf(error)}`
    throw new LetiError('usage', message)
  }
  if (predictor.file.model !== TABLES) return predictor
  const message = `${path} was made from tables: pass the tables to --reference instead`
  throw new LetiError('usage', message)
}
