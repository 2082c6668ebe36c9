import { climb } from '../climb.js'
import { cholesky, inverseOf, solveFactored } from '../linear-algebra.js'
import { covariance, squaredDistances, steepness, withColumns, type Points } from './covariance.js'
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
  const used = withColumns(points, columns)
  const origin = Float64Array.from([...columns.map((c) => start.inverse[c]), start.noise], Math.log)
  const found = climb(origin, STEPS, (at) =>
    slopeOf(used, observed, at).map((slope, i) => slope - (at[i] - origin[i]) / (PRIOR * PRIOR)),
  )
  const { inverse: lengths, noise } = hyperparametersOf(found)
  const inverse = new Float64Array(points.width)
  columns.forEach((column, i) => (inverse[column] = lengths[i]))
  return { inverse, noise }
}

/** @param logarithms of the inverse of each column, and of the noise */
function hyperparametersOf(logarithms: Float64Array): Hyperparameters {
  const values = logarithms.map(Math.exp)
  return { inverse: values.subarray(0, -1), noise: values[values.length - 1] }
}

/** The gradient of the log marginal likelihood by the logarithm of each hyperparameter. */
function slopeOf(
  points: Points,
  observed: Float64Array,
  logarithms: Float64Array,
): Float64Array<ArrayBuffer> {
  const { rows, width, count } = points
  const { inverse, noise } = hyperparametersOf(logarithms)
  const distances = squaredDistances(points, inverse)
  const falls = distances.map(steepness)
  const matrix = distances.map(covariance)
  for (let i = 0; i < count; i++) matrix[i * count + i] = 1 + noise
  const factor = cholesky(matrix, count)
  const alpha = solveFactored(factor, Float64Array.from(observed))
  const precision = inverseOf(factor, count)
  const slope = new Float64Array(width + 1)
  for (let i = 0; i < count; i++) {
    slope[width] += 0.5 * noise * (alpha[i] * alpha[i] - precision[i * count + i])
    for (let j = 0; j < i; j++) {
      const pull = alpha[i] * alpha[j] - precision[i * count + j]
      const weight = -0.5 * pull * falls[i * count + j]
      for (let column = 0; column < width; column++) {
        const difference = rows[i * width + column] - rows[j * width + column]
        slope[column] += weight * inverse[column] * difference * difference
      }
    }
  }
  return slope
}
