import { isIdentified, isObject, messageOf, toRecord, type LetiRecord } from '@leti/records'
import type { RecordError } from '@leti/records'
import type { Line } from './input.js'

/** A record and its place in the input. */
export interface PlacedRecord {
  readonly record: LetiRecord
  /** The line that holds it. With an `error`, write this: the record may lack what is not valid. */
  readonly text: string
  /** Source and line number: `stdin:17`. */
  readonly place: string
}

/** Takes what is wrong with lines. */
export interface Reports {
  /** Whether any record failed. */
  failed: boolean
  /** @param kind what errors alike have in common: their message without names and numbers */
  fail(place: string, message: string, kind?: string): void
  /**
   * @returns the record's `error`
   * @throws the error itself if it is wrong usage, which no record causes
   */
  caught(place: string, thrown: unknown): RecordError
}

/** The JSON value of a line; `undefined` if it is none, which is reported. */
export function valueOf({ text, place }: Line, reports: Reports): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    reports.fail(place, `not JSON: ${messageOf(error)}`, 'not JSON')
    return undefined
  }
}

/**
 * The record of a line. One that is not valid is reported; if it has an id, it becomes a record with an
 * `error`, else `undefined`.
 */
export function recordOf(line: Line, reports: Reports): PlacedRecord | undefined {
  const found = valueOf(line, reports)
  if (!found) return undefined
  const { value } = found
  const { text, place } = line
  // Whatever a record with an error holds, it is only passed on.
  if (isIdentified(value) && isObject(value.error))
    return { record: value as LetiRecord, text, place }
  try {
    return { record: toRecord(value), text, place }
  } catch (thrown) {
    const error = reports.caught(place, thrown)
    if (!isIdentified(value)) return undefined
    return { record: { id: value.id, error }, text: textOf({ ...value, error }), place }
  }
}

/** The record as a line; only its id and error if it is nested too deeply to be written. */
function textOf(record: { readonly id: string; readonly error: object }): string {
  try {
    return JSON.stringify(record)
  } catch {
    return JSON.stringify({ id: record.id, error: record.error })
  }
}

/** The line to write for a record. A record with an error passes unchanged. */
export async function changedText(
  reports: Reports,
  placed: PlacedRecord,
  change: (record: LetiRecord) => string | Promise<string>,
): Promise<string> {
  const { record, text } = placed
  if (record.error) {
    reports.failed = true
    return text
  }
  try {
    return await change(record)
  } catch (error) {
    return JSON.stringify(failedRecord(reports, placed, error))
  }
}

/**
 * Reports an error with the place of its record.
 *
 * @returns the record with an `error`
 * @throws the error itself if it is wrong usage
 */
export function failedRecord(
  reports: Reports,
  { record, place }: Pick<PlacedRecord, 'record' | 'place'>,
  thrown: unknown,
): LetiRecord {
  return { ...record, error: reports.caught(place, thrown) }
}

/** A line with one member more. The rest is copied as text: to serialize it again would take most of the time. */
export function withMember({ record, text }: PlacedRecord, member: string, value: object): string {
  if (member in record) return JSON.stringify({ ...record, [member]: value })
  return `${text.slice(0, text.lastIndexOf('}'))},"${member}":${JSON.stringify(value)}}`
}
