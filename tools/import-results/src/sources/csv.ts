import { LetiError, messageOf } from '@leti/records'
import { parse } from 'csv-parse/sync'
import { pathOf, valueOf, type Mapping } from '../columns.js'
import { safeId } from '../safe-id.js'
import type { Found, ResultsFile, Source } from '../source.js'

interface Line {
  readonly record: Readonly<Record<string, string>>
  readonly info: { readonly lines: number }
}

/**
 * A table with a header.
 *
 * @param columns which column each member of a record comes from
 */
export function csvOf(columns: Mapping): Source {
  return function* csv({ name, text, fail }: ResultsFile): Generator<Found> {
    const lines = parse(text, {
      bom: true,
      columns: true,
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as Line[]
    checkColumns(columns, Object.keys(lines[0]?.record ?? {}))
    for (const { record, info } of lines) {
      try {
        yield { record: recordOf(columns, record), place: `${name}:${info.lines}` }
      } catch (error) {
        fail(`${name}:${info.lines}`, messageOf(error))
      }
    }
  }
}

/** @throws {LetiError} `usage` if the table lacks a column */
function checkColumns(columns: Mapping, found: readonly string[]): void {
  for (const [, column] of columns) {
    if (found.includes(column)) continue
    const known = found.length ? `it has ${found.join(', ')}` : 'it has no rows'
    throw new LetiError('usage', `--columns: the table has no column "${column}"; ${known}`)
  }
}

function recordOf(columns: Mapping, row: Readonly<Record<string, string>>): object {
  const record: Record<string, unknown> = {}
  for (const [member, column] of columns) {
    const text = row[column]
    if (text === '') continue
    const value = member === 'id' ? safeId(text) : valueOf(member, text)
    put(record, pathOf(member), value)
  }
  return record
}

/** Sets a member, and makes the objects around it. */
export function put(record: object, path: readonly string[], value: unknown): void {
  let at = record as Record<string, unknown>
  for (const name of path.slice(0, -1)) at = (at[name] ??= {}) as Record<string, unknown>
  at[path[path.length - 1]] = value
}
