import type { Metrics } from '@leti/predictors'

/** One line of the evaluation. */
export interface Row {
  readonly device: string
  /** The predictor, or the kind of one along a curve. */
  readonly predictor: string
  /** The measured latencies that the row is about, where it is not about all. */
  readonly from_ms?: number
  readonly to_ms?: number
  /** How many networks were trained on, along a curve. */
  readonly trained_on?: number
  readonly metrics: Metrics
  /** Standard deviation over the splits, along a curve. */
  readonly std?: Metrics
}
