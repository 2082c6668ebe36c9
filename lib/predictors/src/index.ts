export { Differences, type Difference } from './differences.js'
export { foldWork, type FoldSettings, type FoldThreads } from './fold-work.js'
export { twoGroupsOf } from './groups.js'
export { PREDICTOR_KINDS } from './kinds/index.js'
export type { PredictorKindName } from './kinds/names.js'
export { logPredictions, mostInformative } from './informative.js'
export { checkSizes } from './sizes.js'
export { judgedMetrics, type Judged } from './judged.js'
export { learningCurve, type CurvePoint } from './learning-curve.js'
export { metricsOf, type Metrics } from './metrics.js'
export type { FitProgress, PredictorKind, ValidateFold } from './kind.js'
export type { LatencyScale } from './model.js'
export { PREDICTOR_SCHEMA, type PredictorFile } from './predictor-file.js'
export { checkKnown } from './known.js'
export { NetworkPredictor } from './network-predictor.js'
export {
  loadPredictor,
  Predictor,
  predictorOf,
  readPredictor,
  type HeldOutNetwork,
} from './predictor.js'
export { predictorText } from './predictor-text.js'
export { quarrelsOf } from './repeats.js'
export type { Sample } from './sample.js'
export { metricsTable } from './table.js'
export { trainPredictor, type TrainOptions } from './train.js'
export { OtherMachines } from './trained-on.js'
export { nameOf, TrainingRecords, type TrainingSet } from './training-records.js'
export { TABLES } from './tables/model.js'
export { ReferenceTable } from './tables/reference-table.js'
export { trainFromTables } from './tables/train.js'
