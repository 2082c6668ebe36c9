import type { LetiRecord } from '@leti/records'
import type { Io } from './io.js'
import type { Progress } from './progress.js'
import { changedText, withMember, type PlacedRecord } from './record-line.js'

/**
 * Passes each usable record to `use`, for tools that write no records, or write them only at the end.
 * A record that already has an `error` is skipped; one that `use` rejects is reported with its place.
 * Either sets exit code 1.
 *
 * @returns how many records were skipped because they already had an `error`
 * @throws what `use` throws as wrong usage
 */
export async function useRecords(
  io: Io,
  files: readonly string[],
  use: (record: LetiRecord, place: string) => void | Promise<void>,
): Promise<number> {
  let skipped = 0
  for await (const placed of io.records(files, true)) {
    if (placed.record.error) {
      io.failed = true
      skipped++
      continue
    }
    try {
      await use(placed.record, placed.place)
    } catch (error) {
      io.caught(placed.place, error)
    }
  }
  return skipped
}

/**
 * Passes each record through `change` and writes the result, in order. A record that already has an
 * `error` passes unchanged; one that `change` rejects is written with an `error`.
 *
 * @throws what `change` throws as wrong usage
 */
export async function eachRecord(
  io: Io,
  files: readonly string[],
  change: (record: LetiRecord) => LetiRecord | Promise<LetiRecord>,
): Promise<void> {
  await changeAll(io, io.records(files, !process.stdout.isTTY), change)
}

/** `eachRecord` for records that stand in no file: those that a tool makes itself. */
export async function eachPlaced(
  io: Io,
  records: readonly PlacedRecord[],
  change: (record: LetiRecord) => LetiRecord | Promise<LetiRecord>,
): Promise<void> {
  const progress = await io.writing(records.length)
  try {
    await changeAll(io, ticking(records, progress), change)
  } finally {
    progress.stop()
  }
}

/** Counts a record as done when the next one is asked for. */
function* ticking(records: readonly PlacedRecord[], progress: Progress): Generator<PlacedRecord> {
  for (const placed of records) {
    yield placed
    progress.tick()
  }
}

async function changeAll(
  io: Io,
  records: AsyncIterable<PlacedRecord> | Iterable<PlacedRecord>,
  change: (record: LetiRecord) => LetiRecord | Promise<LetiRecord>,
): Promise<void> {
  for await (const placed of records) {
    if (io.signal.aborted) return
    await io.writeLine(
      await changedText(io, placed, async (record) => JSON.stringify(await change(record))),
    )
  }
}

/**
 * Adds one member to each record and writes it, in order. Errors are handled as in `eachRecord`. The
 * rest of the line is copied as text: to serialize it again would take most of the time of a fast tool.
 */
export async function eachRecordAdding(
  io: Io,
  files: readonly string[],
  member: string,
  valueOf: (record: LetiRecord) => object | Promise<object>,
): Promise<void> {
  for await (const placed of io.records(files, !process.stdout.isTTY)) {
    const add = async (record: LetiRecord): Promise<string> =>
      withMember(placed, member, await valueOf(record))
    await io.writeLine(await changedText(io, placed, add))
  }
}
