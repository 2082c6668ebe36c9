import { useRecords, type Io } from '@leti/pipe'
import {
  learningCurve,
  nameOf,
  TrainingRecords,
  type PredictorKindName,
  type TrainingSet,
} from '@leti/predictors'
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
  const rows = await rowsOf(set, { counts, kinds, splits, seed }, io)
  if (rows.length) return rows
  const networks = new Set(set.samples.map(({ id }) => id)).size
  throw new LetiError(
    'usage',
    `only ${networks} measured networks: too few to keep some for the test; use smaller numbers`,
  )
}

type Choice = Pick<CurveOptions, 'counts' | 'kinds' | 'splits' | 'seed'>

async function rowsOf(
  set: TrainingSet,
  { counts, kinds, splits, seed }: Choice,
  io: Io,
): Promise<Row[]> {
  const rows: Row[] = []
  const progress = await io.progress('points', kinds.length * counts.length)
  try {
    for (const kind of kinds) {
      for (const count of counts) {
        const points = await learningCurve(set, kind, [count], splits, seed)
        for (const { mean, std } of points) {
          rows.push({ device: nameOf(set), predictor: kind, trained_on: count, metrics: mean, std })
        }
        progress.tick(`${kind} ${count}`)
        if (io.signal.aborted) return rows
      }
    }
    return rows
  } finally {
    progress.stop()
  }
}
