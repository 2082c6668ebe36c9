/** The parameters of a Gaussian process that are chosen by its observations. */
export interface Hyperparameters {
  /** The squared inverse length scale of each column. */
  readonly inverse: Float64Array
  /** Variance of the noise; the variance of the signal is 1. */
  readonly noise: number
}
