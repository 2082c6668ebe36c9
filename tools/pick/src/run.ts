import { useRecords, type Io } from '@leti/pipe'
import {
  checkSizes,
  logPredictions,
  mostInformative,
  readPredictor,
  type Predictor,
} from '@leti/predictors'
import { featuresOf, LetiError, type LetiRecord } from '@leti/records'

interface PickOptions {
  readonly files: readonly string[]
  /** How many networks to pick. */
  readonly number?: number | undefined
  /** Files of the predictors that compare the networks. */
  readonly reference?: readonly string[] | undefined
}

/** Writes the most informative records, the most informative first. */
export async function run(
  { files, number = 1, reference = [] }: PickOptions,
  io: Io,
): Promise<void> {
  const references = await Promise.all(reference.map((path) => readPredictor(path, io.signal)))
  const { records, rows } = await gather(files, references, io)
  if (io.signal.aborted) return
  if (records.length < number) {
    const message = `cannot pick ${number} networks: there are only ${records.length}`
    if (!records.length || !io.failed) throw new LetiError('usage', message)
    io.warn(`${message} without an error`)
  }
  const count = Math.min(number, records.length)
  for (const index of mostInformative(rows, count)) await io.write(records[index])
}

/** The first record of each network, and for each a row of numbers: the references' log predictions, or its features. */
async function gather(files: readonly string[], references: readonly Predictor[], io: Io) {
  const records: LetiRecord[] = []
  const rows: number[][] = []
  const ids = new Set<string>()
  let names: string[] | undefined
  await useRecords(io, files, (record) => {
    // Several visits are one network: a second one would be picked for nothing.
    if (ids.has(record.id)) return
    if (references.length) rows.push(predictionsOf(record, references))
    else rows.push(valuesOf(record, (names ??= namesIn(record))))
    records.push(record)
    ids.add(record.id)
  })
  return { records, rows: references.length ? logPredictions(rows) : standardized(rows) }
}

/** The references' predicted latencies, ms. */
function predictionsOf(record: LetiRecord, references: readonly Predictor[]): number[] {
  return references.map((predictor) => predictor.predict(record).latency_ms)
}

/** The names of a record's features, which all others must have. */
function namesIn(record: LetiRecord): string[] {
  const names = Object.keys(featuresOf(record))
  if (names.length) return names
  throw new LetiError('missing-feature', '"features" is empty: run featurize again')
}

function valuesOf(record: LetiRecord, names: readonly string[]): number[] {
  const features = featuresOf(record)
  checkSizes(features)
  return names.map((name) => {
    if (features[name] !== undefined) return features[name]
    throw new LetiError('missing-feature', `feature "${name}" is missing: the first record has it`)
  })
}

/** Scales each column to mean 0 and standard deviation 1. A constant column becomes 0. */
function standardized(rows: readonly number[][]): number[][] {
  const width = rows[0]?.length ?? 0
  const scales = Array.from({ length: width }, (_, i) => {
    const mean = rows.reduce((sum, row) => sum + row[i], 0) / rows.length
    const squares = rows.reduce((sum, row) => sum + (row[i] - mean) ** 2, 0)
    return { mean, deviation: Math.sqrt(squares / rows.length) }
  })
  return rows.map((row) =>
    row.map((value, i) => {
      const { mean, deviation } = scales[i]
      return deviation > 1e-9 * Math.abs(mean) ? (value - mean) / deviation : 0
    }),
  )
}
