import { asLetiError, type LetiRecord } from '@leti/records'
import type { Io, PlacedRecord } from './io.js'

/**
 * Passes each usable record to `use`, for tools that write no records, or write them only at the end.
 * A record that already has an `error` is skipped; one that `use` rejects is reported with its place.
 * Either sets exit code 1.
 *
 * @returns how many records were skipped because they already had an `error`
 * @throws what `use` throws, unless the record is at fault
 */
export async function useRecords(
  io: Io,
  tool: string,
  files: readonly string[],
  use: (record: LetiRecord) => void | Promise<void>,
): Promise<number> {
  let skipped = 0
  for await (const placed of io.records(files)) {
    if (placed.record.error) {
      io.failed = true
      skipped++
      continue
    }
    try {
      await use(placed.record)
    } catch (error) {
      failedRecord(io, tool, placed, error)
    }
  }
  return skipped
}

/**
 * Passes each record through `change` and writes the result, in order. A record that already has an
 * `error` passes unchanged; one that `change` rejects is written with an `error`.
 *
 * @throws what `change` throws, unless the record is at fault
 */
export async function eachRecord(
  io: Io,
  tool: string,
  files: readonly string[],
  change: (record: LetiRecord) => LetiRecord | Promise<LetiRecord>,
): Promise<void> {
  for await (const placed of io.records(files)) {
    await io.write(await changed(io, tool, placed, change))
  }
}

/**
 * Adds one member to each record and writes it, in order. Errors are handled as in `eachRecord`. The
 * rest of the line is copied as text: to serialize it again would take most of the time of a fast tool.
 */
export async function eachRecordAdding(
  io: Io,
  tool: string,
  files: readonly string[],
  member: string,
  valueOf: (record: LetiRecord) => object,
): Promise<void> {
  for await (const placed of io.records(files)) {
    const { record, text } = placed
    let value: object | undefined
    const change = (): LetiRecord => {
      value = valueOf(record)
      return record
    }
    const result = await changed(io, tool, placed, change)
    if (!value) await io.write(result)
    else if (member in record) await io.write({ ...record, [member]: value })
    else {
      const end = text.lastIndexOf('}')
      await io.writeLine(`${text.slice(0, end)},"${member}":${JSON.stringify(value)}}`)
    }
  }
}

async function changed(
  io: Io,
  tool: string,
  placed: PlacedRecord,
  change: (record: LetiRecord) => LetiRecord | Promise<LetiRecord>,
): Promise<LetiRecord> {
  const { record } = placed
  if (record.error) {
    io.failed = true
    return record
  }
  try {
    return await change(record)
  } catch (error) {
    return failedRecord(io, tool, placed, error)
  }
}

/**
 * Reports an error with the place of its record.
 *
 * @returns the record with an `error`
 * @throws the error itself unless it is a `LetiError` about this record (any code but `usage`)
 */
export function failedRecord(
  io: Io,
  tool: string,
  { record, place }: Pick<PlacedRecord, 'record' | 'place'>,
  error: unknown,
): LetiRecord {
  const known = asLetiError(error)
  if (!known || known.code === 'usage') throw error
  io.fail(place, known.message)
  return { ...record, error: { tool, code: known.code, message: known.message } }
}
