import { climb } from '../climb.js'
import { cholesky, solveFactored } from '../linear-algebra.js'
import { covariance, squaredDistances, steepness, type Points } from './covariance.js'
import type { Hyperparameters } from './hyperparameters.js'

const STEPS = 30

/**
 * Standard deviation of a normal prior on each logarithm, centered at its start. It regularizes: without it,
 * dozens of length scales would fit the noise of a hundred observations.
 */
const PRIOR = 1

/**
 * Maximizes the log marginal likelihood over the length scales and the noise (Rasmussen and Williams,
 * "Gaussian Processes for Machine Learning", 2006, chapter 5).
 *
 * @param observed one value per point
 * @param start the initial hyperparameters; columns with an inverse length of 0 stay unused
 */
export function maximizeLikelihood(
  points: Points,
  observed: Float64Array,
  start: Hyperparameters,
): Hyperparameters {
  const columns = [...start.inverse.keys()].filter((column) => start.inverse[column] > 0)
  const origin = Float64Array.from([...columns.map((c) => start.inverse[c]), start.noise], Math.log)
  const found = climb(origin, STEPS, (at) =>
    slopeOf(points, observed, columns, at).map(
      (slope, i) => slope - (at[i] - origin[i]) / (PRIOR * PRIOR),
    ),
  )
  return hyperparametersOf(points.width, columns, found)
}

function hyperparametersOf(
  width: number,
  columns: readonly number[],
  logarithms: Float64Array,
): Hyperparameters {
  const inverse = new Float64Array(width)
  columns.forEach((column, i) => (inverse[column] = Math.exp(logarithms[i])))
  return { inverse, noise: Math.exp(logarithms[columns.length]) }
}

/** The gradient of the log marginal likelihood by the logarithm of each hyperparameter. */
function slopeOf(
  points: Points,
  observed: Float64Array,
  columns: readonly number[],
  logarithms: Float64Array,
): Float64Array<ArrayBuffer> {
  const { rows, width, count } = points
  const { inverse, noise } = hyperparametersOf(width, columns, logarithms)
  const distances = squaredDistances(points, inverse)
  const falls = distances.map(steepness)
  const matrix = distances.map(covariance)
  for (let i = 0; i < count; i++) matrix[i * count + i] = 1 + noise
  const factor = cholesky(matrix, count)
  const alpha = solveFactored(factor, Float64Array.from(observed))
  const precision = inverseOf(factor, count)
  const slope = new Float64Array(columns.length + 1)
  for (let i = 0; i < count; i++) {
    slope[columns.length] += 0.5 * noise * (alpha[i] * alpha[i] - precision[i * count + i])
    for (let j = 0; j < i; j++) {
      const pull = alpha[i] * alpha[j] - precision[i * count + j]
      const weight = -0.5 * pull * falls[i * count + j]
      for (let c = 0; c < columns.length; c++) {
        const column = columns[c]
        const difference = rows[i * width + column] - rows[j * width + column]
        slope[c] += weight * inverse[column] * difference * difference
      }
    }
  }
  return slope
}

/** (L L')^-1; only the lower triangle is filled. */
function inverseOf(factor: Float64Array, size: number): Float64Array {
  // Row r of `lower` is column r of L^-1, from its diagonal on.
  const lower = new Float64Array(size * size)
  for (let start = 0; start < size; start++) {
    const column = lower.subarray(start * size, (start + 1) * size)
    for (let row = start; row < size; row++) {
      const at = row * size
      let sum = row === start ? 1 : 0
      for (let k = start; k < row; k++) sum -= factor[at + k] * column[k]
      column[row] = sum / factor[at + row]
    }
  }
  const inverse = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = i; k < size; k++) sum += lower[i * size + k] * lower[j * size + k]
      inverse[i * size + j] = sum
    }
  }
  return inverse
}
