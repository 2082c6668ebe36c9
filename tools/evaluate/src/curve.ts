import { useRecords, type Io } from '@leti/pipe'
import { learningCurve, nameOf, TrainingRecords, type PredictorKindName } from '@leti/predictors'
import { LetiError, type Statistic } from '@leti/records'
import { warnOfDifferences } from './differences.js'
import type { Row } from './row.js'

export interface CurveOptions {
  readonly counts: readonly number[]
  readonly kinds: readonly PredictorKindName[]
  readonly splits: number
  readonly seed: number
  readonly statistic: Statistic
}

/**
 * The learning curve: a row for each kind of predictor and number of training networks.
 *
 * @throws {LetiError} `usage` if there are too few networks for every number
 */
export async function curveRows(
  files: readonly string[],
  { counts, kinds, splits, seed, statistic }: CurveOptions,
  io: Io,
): Promise<Row[]> {
  const records = new TrainingRecords({}, statistic)
  await useRecords(io, files, (record) => records.add(record))
  const set = records.training()
  warnOfDifferences(nameOf(set), set.differences, io)
  const rows: Row[] = []
  for (const kind of kinds) {
    for (const point of await learningCurve(set, kind, counts, splits, seed)) {
      const { count, mean, std } = point
      rows.push({ device: nameOf(set), predictor: kind, trained_on: count, metrics: mean, std })
    }
  }
  if (rows.length) return rows
  const networks = new Set(set.samples.map(({ id }) => id)).size
  throw new LetiError(
    'usage',
    `only ${networks} measured networks: too few to keep some for the test; use smaller numbers`,
  )
}
