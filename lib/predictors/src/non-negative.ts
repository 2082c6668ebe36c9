import { RunningMoments, type Moments, type Problem } from './additive/moments.js'
import { fitted, huberWeights, relativeErrors } from './additive/regression.js'

/** Most sweeps of the coordinate descent, and the change of a weight at which it has converged. */
const SWEEPS = 3000
const SETTLED = 1e-10

/** Iterations of the robust reweighting. */
const STEPS = 6

/**
 * Robust non-negative least squares on relative errors: outliers count less (Huber's loss, by iteratively
 * reweighted least squares). All weights are at least 0, the intercept included.
 *
 * @param penalties ridge penalty of each column
 * @param floor relative errors below this never count as outliers
 * @param minimize finds the weights for given moments, starting from others
 */
export function nonNegative(
  problem: Problem,
  penalties: Float64Array,
  floor = 0,
  minimize: (
    moments: Moments,
    penalties: Float64Array,
    start: Float64Array,
  ) => Float64Array = descend,
): Float64Array {
  const moments = new RunningMoments(problem)
  let robust: Float64Array = new Float64Array(problem.targets.length).fill(1)
  let weights: Float64Array = new Float64Array(problem.width)
  for (let step = 0; step < STEPS; step++) {
    weights = minimize(moments.at(robust), penalties, weights)
    robust = huberWeights(relativeErrors(problem, fitted(problem, weights)), floor)
  }
  return weights
}

/** Coordinate descent: sets each weight in turn to its optimum, given the others. */
function descend(
  { gram, projection }: Moments,
  penalties: Float64Array,
  start: Float64Array,
): Float64Array {
  const width = projection.length
  const full = mirrored(gram, width)
  const weights = Float64Array.from(start)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let change = 0
    for (let i = 0; i < width; i++) {
      const row = i * width
      const own = full[row + i]
      if (!own) continue
      let slope = projection[i]
      // Most weights are 0, and add nothing.
      for (let j = 0; j < width; j++) {
        const weight = weights[j]
        if (weight !== 0 && j !== i) slope -= full[row + j] * weight
      }
      const next = Math.max(0, slope / (own + penalties[i]))
      change = Math.max(change, Math.abs(next - weights[i]) * Math.sqrt(own))
      weights[i] = next
    }
    if (change < SETTLED) break
  }
  return weights
}

/** The whole of a symmetric matrix, of which the lower triangle is given. */
function mirrored(lower: Float64Array, width: number): Float64Array {
  const full = Float64Array.from(lower)
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < i; j++) full[j * width + i] = full[i * width + j]
  }
  return full
}
