import { stringify } from 'csv-stringify/sync'
import { featurize, type FeaturizeOptions } from '@leti/features'
import { openNetwork } from '@leti/formats'
import { useRecords, type Io } from '@leti/pipe'
import { LetiError, type LetiRecord } from '@leti/records'

/**
 * Writes a header and one row per record. A record with an error, old or new, has no row. Without a
 * measurement, the columns of the measurement are empty.
 */
export async function writeCsv(
  io: Io,
  files: readonly string[],
  options: FeaturizeOptions,
): Promise<void> {
  let columns: string[] | undefined
  await useRecords(io, files, async (record) => {
    const row = await toRow(record, options)
    if (columns) checkColumns(row, columns)
    else {
      columns = Object.keys(row)
      await io.writeLine(lineOf(columns))
    }
    await io.writeLine(lineOf(columns.map((name) => row[name])))
  })
}

type Row = Record<string, string | number | undefined>

/**
 * The header stands before all rows, so every row must have its columns.
 *
 * @throws {LetiError} `unsupported` if the row has others
 */
function checkColumns(row: Row, columns: readonly string[]): void {
  const names = Object.keys(row)
  const missing = columns.find((name) => !Object.hasOwn(row, name))
  if (missing === undefined && names.length === columns.length) return
  const differs =
    missing === undefined
      ? `"${names.find((name) => !columns.includes(name))}" is not in the header`
      : `"${missing}" is missing`
  const advice = 'write one table for each search space'
  throw new LetiError('unsupported', `other columns than the first row: ${differs}; ${advice}`)
}

/** Text that a spreadsheet would take for a formula is quoted. */
function lineOf(cells: readonly (string | number | undefined)[]): string {
  return stringify([cells], { eof: false, escape_formulas: true })
}

async function toRow(record: LetiRecord, options: FeaturizeOptions): Promise<Row> {
  const { measurement } = record
  return {
    id: record.id,
    device: measurement?.device,
    backend: measurement?.backend,
    latency_ms: measurement?.latency_ms.median,
    ...featurize(await openNetwork(record), options).features,
  }
}
