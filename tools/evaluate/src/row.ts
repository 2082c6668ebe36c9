import type { Metrics } from '@leti/predictors'

/** One line of the evaluation. */
export interface Row {
  readonly device: string
  /** Name of the predictor; on a learning curve, its kind. */
  readonly predictor: string
  /** Range of measured latencies, ms; absent if the row covers all records. */
  readonly from_ms?: number
  readonly to_ms?: number
  /** Number of training networks; on a learning curve only. */
  readonly trained_on?: number
  readonly metrics: Metrics
  /** Standard deviation over the splits; on a learning curve only. */
  readonly std?: Metrics
}
