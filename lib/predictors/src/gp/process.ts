import { median } from '../linear-algebra.js'
import { cholesky, solveFactored } from '../linear-algebra.js'
import { covariance } from './covariance.js'

/** Huber's bound, and the standard deviation in median absolute deviations. */
const HUBER = 1.345
const DEVIATION = 1.4826

/** How often the weights of doubtful observations are refreshed. */
const STEPS = 3

/** A Gaussian process conditioned on observations. */
export interface Posterior {
  /** What each point's covariance is multiplied with to predict. */
  readonly alpha: Float64Array
  /** Predictions of each observation from the others alone. */
  readonly leftOut: Float64Array
}

/**
 * Conditions a process of signal variance 1 on observations, some of which may be plainly wrong: the
 * noise of those that the others contradict is raised (Huber weights on leave-one-out errors).
 *
 * @param distances squared distances of the points
 * @param noise variance of an observation's noise
 */
export function posterior(
  distances: Float64Array,
  observed: Float64Array,
  noise: number,
  steps = STEPS,
): Posterior {
  const count = observed.length
  let weights = new Float64Array(count).fill(1)
  for (let step = 1; ; step++) {
    const matrix = new Float64Array(count * count)
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) matrix[i * count + j] = covariance(distances[i * count + j])
      matrix[i * count + i] = 1 + noise / weights[i]
    }
    const factor = cholesky(matrix, count)
    const alpha = solveFactored(factor, Float64Array.from(observed))
    const diagonal = inverseDiagonal(factor, count)
    const leftOut = observed.map((value, i) => value - alpha[i] / diagonal[i])
    if (step === steps) return { alpha, leftOut }
    const errors = observed.map((value, i) => Math.abs(value - leftOut[i]))
    const bound = HUBER * DEVIATION * median(errors) || Infinity
    weights = errors.map((error) => (error <= bound ? 1 : bound / error))
  }
}

/** The diagonal of (L L')^-1: the squared lengths of the columns of L^-1. */
function inverseDiagonal(factor: Float64Array, size: number): Float64Array {
  const diagonal = new Float64Array(size)
  const column = new Float64Array(size)
  for (let start = 0; start < size; start++) {
    let length = 0
    for (let row = start; row < size; row++) {
      const at = row * size
      let sum = row === start ? 1 : 0
      for (let k = start; k < row; k++) sum -= factor[at + k] * column[k]
      column[row] = sum / factor[at + row]
      length += column[row] * column[row]
    }
    diagonal[start] = length
  }
  return diagonal
}
