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
 * Writes what `change` makes of each record, in order. A record that has an `error` already passes
 * untouched; one that `change` cannot handle goes out with an `error` of its own.
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
 * Writes each record with a member more, in order; what cannot be handled goes as with `eachRecord`.
 * The rest of the line stays as it was read: to write it anew takes most of the time of a fast tool.
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
 * The record with its `error`, reported with its place.
 *
 * @throws the error itself where it is not the record's fault
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
