import { cholesky, inverseDiagonal, solveFactored } from '../linear-algebra.js'
import { HUBER, robustScale } from '../robust.js'
import { covariance } from './covariance.js'

/** Iterations of the robust reweighting. */
const STEPS = 3

/**
 * Conditions a Gaussian process with a signal variance of 1 on observations with outliers: observations
 * with a large leave-one-out error get a larger noise (Huber weights).
 *
 * @param distances squared distances between the points, row-major
 * @param noise variance of the noise
 * @returns `alpha`, the weight of each point's covariance in a prediction, and the variance of the noise of
 *   each observation
 */
export function posterior(
  distances: Float64Array,
  observed: Float64Array,
  noise: number,
): { alpha: Float64Array; noises: Float64Array } {
  let noises: Float64Array = new Float64Array(observed.length).fill(noise)
  for (let step = 1; step < STEPS; step++) {
    const errors = leaveOneOut(distances, observed, noises).map(Math.abs)
    const bound = HUBER * robustScale(errors) || Infinity
    noises = errors.map((error) => noise * Math.max(1, error / bound))
  }
  return { alpha: conditioned(distances, observed, noises).alpha, noises }
}

/** The error of each observation's prediction from all others. */
export function leaveOneOut(
  distances: Float64Array,
  observed: Float64Array,
  noises: Float64Array,
): Float64Array {
  const { alpha, factor } = conditioned(distances, observed, noises)
  const diagonal = inverseDiagonal(factor, observed.length)
  return alpha.map((value, i) => value / diagonal[i])
}

function conditioned(distances: Float64Array, observed: Float64Array, noises: Float64Array) {
  const count = observed.length
  const matrix = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) matrix[i * count + j] = covariance(distances[i * count + j])
    matrix[i * count + i] = 1 + noises[i]
  }
  const factor = cholesky(matrix, count)
  return { factor, alpha: solveFactored(factor, Float64Array.from(observed)) }
}
