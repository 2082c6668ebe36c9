import type { Io } from '@leti/pipe'
import { isObject, LetiError, messageOf } from '@leti/records'
import { Accuracies } from './accuracies.js'
import { accuracyIn } from './accuracy.js'

/** The columns of a table, by their places. */
interface Columns {
  readonly name: number
  readonly value: number
}

/** The columns that name a network, and those of its accuracy, in the order of preference. */
const NAMES = ['id', 'hash', 'module_hash', 'arch_str', 'arch']
const VALUES = ['accuracy', 'validation_accuracy', 'validation']

/**
 * Reads accuracies: a line is a JSON object with `id` (or `hash`) and `accuracy`, or a row of CSV, whose first
 * line may name the columns. Other lines are reported and skipped.
 */
export async function readAccuracies(file: string, io: Io): Promise<Accuracies> {
  const table = new Accuracies()
  let columns: Columns | undefined
  let count = 0
  for await (const { text, place } of io.lines([file])) {
    try {
      const line = text.replace(/^\uFEFF/, '').trim()
      if (!columns && !line.startsWith('{')) {
        columns = columnsOf(line)
        if (columns.name >= 0) continue
        columns = { name: 0, value: 1 }
      }
      const { name, value } = line.startsWith('{') ? fromJson(line) : fromRow(line, columns)
      count++
      if (!table.add(name, value)) throw bad(`${JSON.stringify(name)} has another accuracy above`)
    } catch (error) {
      io.caught(place, error)
    }
  }
  if (count || io.signal.aborted) return table
  throw new LetiError('usage', `--accuracy ${file}: no line has an id and an accuracy`)
}

/** Places of the columns that a header names; -1 if the line is no header. */
function columnsOf(line: string): Columns {
  const cells = cellsOf(line).map((cell) => cell.toLowerCase())
  const placeOf = (names: readonly string[]): number =>
    cells.findIndex((cell) => cell === names.find((name) => cells.includes(name)))
  const columns = { name: placeOf(NAMES), value: placeOf(VALUES) }
  return columns.name >= 0 && columns.value >= 0 ? columns : { name: -1, value: -1 }
}

function cellsOf(line: string): string[] {
  return line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
}

function fromRow(line: string, { name: at, value: valueAt } = { name: 0, value: 1 }) {
  const cells = cellsOf(line)
  const name = cells[at]
  const text = cells[valueAt]
  const value = text ? Number(text) : NaN
  if (!name || !Number.isFinite(value)) throw bad('a row must be an id and a number: id,accuracy')
  return { name, value }
}

function fromJson(line: string) {
  const record = parsed(line)
  const name = isObject(record) ? (record.id ?? record.hash) : undefined
  if (!isObject(record) || typeof name !== 'string') throw bad('"id" or "hash" must be a string')
  const value = accuracyIn(record.accuracy)
  if (value === undefined) {
    throw bad('"accuracy" must be a number, or an object with "validation"')
  }
  return { name, value }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw bad(`not JSON: ${messageOf(error)}`)
  }
}

function bad(message: string): LetiError {
  return new LetiError('bad-input', message)
}
