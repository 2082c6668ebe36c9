import { stringify } from 'csv-stringify/sync'
import { featurize, type FeaturizeOptions } from '@leti/features'
import { openNetwork } from '@leti/formats'
import { useRecords, type Io } from '@leti/pipe'
import type { LetiRecord } from '@leti/records'

/**
 * Writes a header and one row per record. A record with an error, old or new, has no row. Without a
 * measurement, the columns of the measurement are empty.
 */
export async function writeCsv(
  io: Io,
  files: readonly string[],
  options: FeaturizeOptions,
): Promise<void> {
  let header = true
  await useRecords(io, 'featurize', files, async (record) => {
    const row = await toRow(record, options)
    await io.writeLine(stringify([row], { header, eof: false }))
    header = false
  })
}

async function toRow(
  record: LetiRecord,
  options: FeaturizeOptions,
): Promise<Record<string, unknown>> {
  const { measurement } = record
  return {
    id: record.id,
    device: measurement?.device,
    backend: measurement?.backend,
    latency_ms: measurement?.latency_ms.median,
    ...featurize(await openNetwork(record), options).features,
  }
}
