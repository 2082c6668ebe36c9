import { readFusion } from '@leti/features'
import { eachRecordAdding, type Io } from '@leti/pipe'
import { NetworkPredictor, readPredictor } from '@leti/predictors'
import type { LetiRecord, Prediction } from '@leti/records'
import { checkKnown } from './unknown.js'
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
  /** Whether to print metrics over the measured records. */
  readonly report: boolean
}

/** Adds a prediction to each record. */
export async function run(options: PredictOptions, io: Io): Promise<void> {
  const { files, coverage, fusion, 'max-unknown': maxUnknown } = options
  const rules = fusion === undefined ? undefined : await readFusion(fusion, io.signal)
  const predictor = await readPredictor(options.predictor, io.signal)
  const networks = new NetworkPredictor(predictor, rules)
  const report = options.report ? new Report(predictor.file) : undefined
  const predicted = (record: LetiRecord): Prediction => {
    checkKnown(record, maxUnknown)
    const prediction = networks.predict(record, coverage)
    report?.add(record, prediction)
    return prediction
  }
  await eachRecordAdding(io, files, 'prediction', (record) =>
    networks.needsFile(record) ? networks.opened(record).then(predicted) : predicted(record),
  )
  if (report) await io.print(report.text())
}
