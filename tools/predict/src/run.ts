import { eachRecordAdding, type Io } from '@leti/pipe'
import { readPredictor } from '@leti/predictors'
import { checkKnown } from './unknown.js'
import { Report } from './report.js'

interface PredictOptions {
  readonly files: readonly string[]
  /** The file of the predictor. */
  readonly predictor: string
  readonly coverage: number
  /** Largest share of the work that may be unknown. */
  readonly 'max-unknown': number
  /** Whether to print metrics over the measured records. */
  readonly report: boolean
}

/** Adds a prediction to each record. */
export async function run(options: PredictOptions, io: Io): Promise<void> {
  const { files, coverage, 'max-unknown': maxUnknown } = options
  const predictor = await readPredictor(options.predictor, io.signal)
  const report = options.report ? new Report(predictor.file) : undefined
  await eachRecordAdding(io, files, 'prediction', (record) => {
    checkKnown(record, maxUnknown)
    const prediction = predictor.predict(record, coverage)
    report?.add(record, prediction)
    return prediction
  })
  if (report) await io.print(report.text())
}
