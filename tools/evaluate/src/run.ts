import type { Io } from '@leti/pipe'
import type { PredictorKindName } from '@leti/predictors'
import { LetiError, type Statistic } from '@leti/records'
import { comparisonsOf, failAbove } from './against/run.js'
import { comparisonCsv, comparisonTable } from './against/show.js'
import { CURVE_KINDS } from './curve-kinds.js'
import { curveRows } from './curve.js'
import { predictionRows } from './predictions.js'
import type { Row } from './row.js'
import { csvOf, tableOf } from './show.js'

interface EvaluateOptions {
  readonly files: readonly string[]
  /** Parts of equal size, by measured latency. */
  readonly bins: number
  /** Numbers of training networks, separated by commas; then the table is a learning curve. */
  readonly 'learning-curve'?: string | undefined
  /** Kinds of predictors of the curve, separated by commas. */
  readonly model?: string | undefined
  /** Random splits of the curve. */
  readonly splits?: number | undefined
  readonly seed: number
  /** Measurements of the same networks in another run, which came before. */
  readonly against?: string | undefined
  /** Percentage, such as 5%. */
  readonly 'fail-above'?: string | undefined
  readonly statistic: Statistic
  readonly json: boolean
  readonly csv: boolean
}

/** Writes a table that compares predictions with measurements, or two runs. */
export async function run(options: EvaluateOptions, io: Io): Promise<void> {
  const { json, csv, against, 'fail-above': limit } = options
  if (json && csv) throw new LetiError('usage', '--json and --csv exclude each other: choose one')
  if (against !== undefined) return compareRuns({ ...options, against }, io)
  if (limit !== undefined) throw new LetiError('usage', '--fail-above requires --against')
  const rows = await rowsOf(options, io)
  if (io.signal.aborted) return
  if (json) await io.writeLine(JSON.stringify(rows, undefined, 2))
  else await io.writeLine(csv ? csvOf(rows) : tableOf(rows))
}

async function compareRuns(
  options: EvaluateOptions & { readonly against: string },
  io: Io,
): Promise<void> {
  const { json, csv, bins, 'learning-curve': curve, 'fail-above': limit } = options
  if (bins > 1 || curve !== undefined) {
    throw new LetiError('usage', '--against excludes --bins and --learning-curve')
  }
  const percent = limit === undefined ? undefined : percentOf(limit)
  const comparisons = await comparisonsOf(options, io)
  if (io.signal.aborted) return
  if (json) await io.writeLine(JSON.stringify(comparisons, undefined, 2))
  else await io.writeLine(csv ? comparisonCsv(comparisons) : comparisonTable(comparisons))
  if (percent !== undefined) failAbove(percent, comparisons, io)
}

function percentOf(text: string): number {
  const percent = Number(/^(\d+(?:\.\d+)?)%?$/.exec(text)?.[1])
  if (percent >= 0) return percent
  throw new LetiError('usage', '--fail-above takes a percentage, such as 5%')
}

async function rowsOf(options: EvaluateOptions, io: Io): Promise<Row[]> {
  const { files, bins, model, splits, seed, statistic, 'learning-curve': curve } = options
  if (curve === undefined && (model ?? splits) !== undefined) {
    throw new LetiError('usage', '--model and --splits require --learning-curve')
  }
  if (curve === undefined) return predictionRows(files, { bins, statistic }, io)
  const counts = countsOf(curve)
  const kinds = kindsOf(model ?? 'auto')
  return curveRows(files, { counts, kinds, splits: splits ?? 5, seed, statistic }, io)
}

function countsOf(text: string): number[] {
  const counts = text.split(',').map(Number)
  if (counts.every((count) => Number.isInteger(count) && count >= 5)) return counts
  throw new LetiError('usage', '--learning-curve takes whole numbers of at least 5, such as 50,100')
}

function kindsOf(text: string): PredictorKindName[] {
  return text.split(',').map((name) => {
    const found = CURVE_KINDS.find((known) => known === name.trim())
    if (found) return found
    throw new LetiError('usage', `--model: unknown "${name}"; known: ${CURVE_KINDS.join(', ')}`)
  })
}
