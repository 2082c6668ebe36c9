import type { Io } from '@leti/pipe'
import type { PredictorKindName } from '@leti/predictors'
import { LetiError, type Statistic } from '@leti/records'
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
  readonly statistic: Statistic
  readonly json: boolean
  readonly csv: boolean
}

/** Writes a table that compares predictions with measurements. */
export async function run(options: EvaluateOptions, io: Io): Promise<void> {
  const { json, csv } = options
  if (json && csv) throw new LetiError('usage', '--json and --csv exclude each other: choose one')
  const rows = await rowsOf(options, io)
  if (io.signal.aborted) return
  if (json) await io.writeLine(JSON.stringify(rows, undefined, 2))
  else await io.writeLine(csv ? csvOf(rows) : tableOf(rows))
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
