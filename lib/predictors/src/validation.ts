/** Predictions of samples by models that were fitted without them. */
export interface Validation {
  /** One per sample, ms. */
  readonly predicted: Float64Array
  /** The uncertainty of each prediction, without a unit; 1 if the kind gives none. */
  readonly uncertainties: Float64Array
}
