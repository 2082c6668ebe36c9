import { cholesky, solveFactored, type Matrix } from '../linear-algebra.js'
import { HUBER, robustScale } from '../robust.js'
import type { Moments, Problem } from './moments.js'

/** The fitted value of each row. */
export function fitted({ rows, width, targets }: Problem, weights: Float64Array): Float64Array {
  return Float64Array.from(targets, (_, row) => rowProduct(rows, row * width, weights))
}

/** The product of the row that starts at `at` with the weights. */
function rowProduct(rows: Float64Array, at: number, weights: Float64Array): number {
  let sum = 0
  for (let i = 0; i < weights.length; i++) sum += rows[at + i] * weights[i]
  return sum
}

/** The error of each prediction in its unit. */
export function relativeErrors({ targets, units }: Problem, predicted: Float64Array): Float64Array {
  return targets.map((target, row) => (predicted[row] - target) / units[row])
}

/**
 * The weight of each row under Huber's loss: 1 within the bound, less beyond it. A measurement far below
 * its prediction is probably wrong, and so is the unit that it gives its error: such an error is taken
 * relative to the prediction instead.
 *
 * @param floor added to the scale, so that an exact fit of a few rows does not make outliers of the others
 */
export function huberWeights(errors: Float64Array, floor = 0): Float64Array {
  const bound = HUBER * (robustScale(errors) + floor)
  return errors.map((error) => {
    const size = Math.abs(error)
    if (size <= bound) return 1
    const units = error > 0 ? 1 / ((1 + error) * (1 + error)) : 1
    return (units * bound) / size
  })
}

/**
 * Minimizes the weighted squared errors plus the ridge penalty.
 *
 * @param penalties penalty of each column; Infinity leaves a column out
 * @returns the weight of each column
 */
export function solve(moments: Moments, penalties: Float64Array): Float64Array {
  const used = usedBy(penalties)
  const solution = Float64Array.from(used, (column) => moments.projection[column])
  solveFactored(factorOf(moments, penalties), solution)
  const weights = new Float64Array(penalties.length)
  used.forEach((column, i) => (weights[column] = solution[i]))
  return weights
}

/**
 * The Cholesky factor of the penalized gram of the columns that are used, in its lower triangle.
 *
 * @param penalties penalty of each column; Infinity leaves a column out
 */
export function factorOf({ gram }: Moments, penalties: Float64Array): Matrix {
  const used = usedBy(penalties)
  const size = used.length
  const matrix = new Float64Array(size * size)
  used.forEach((column, i) => {
    for (let j = 0; j <= i; j++) matrix[i * size + j] = gram[column * penalties.length + used[j]]
    matrix[i * size + i] += penalties[column]
  })
  return cholesky(matrix, size)
}

function usedBy(penalties: Float64Array): number[] {
  return [...penalties.keys()].filter((column) => penalties[column] < Infinity)
}
