import { availableParallelism } from 'node:os'
import { readFusion } from '@leti/features'
import { eachBatch, type Io } from '@leti/pipe'
import { readPredictor } from '@leti/predictors'
import { predicting, type Settings } from './predicting.js'
import { Report } from './report.js'

interface PredictOptions {
  readonly files: readonly string[]
  /** The file of the predictor. */
  readonly predictor: string
  readonly coverage: number
  /** A runtime, or a file of fusion-probe: the fusion rules for records without features. */
  readonly fusion?: string | undefined
  /** Largest share of the work that may be unknown. */
  readonly 'max-unknown': number
  /** Threads; all cores if absent. */
  readonly jobs?: number | undefined
  /** Whether to print metrics over the measured records. */
  readonly report: boolean
}

/** Adds a prediction to each record. */
export async function run(options: PredictOptions, io: Io): Promise<void> {
  const { files, coverage, 'max-unknown': maxUnknown } = options
  const fusion =
    options.fusion === undefined ? undefined : await readFusion(options.fusion, io.signal)
  const { file, name } = await readPredictor(options.predictor, io.signal)
  const settings: Settings = { file, name, fusion, coverage, maxUnknown }
  const report = options.report ? new Report(file) : undefined
  await eachBatch(io, files, {
    // A report sees all records: this thread predicts them.
    jobs: report ? 1 : (options.jobs ?? availableParallelism()),
    work: predicting(settings, report && ((record, prediction) => report.add(record, prediction))),
    module: new URL('./predict-worker.js', import.meta.url),
    settings,
  })
  if (report) await io.print(report.text())
}
