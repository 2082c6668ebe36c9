import MultivariateLinearRegression from 'ml-regression-multivariate-linear'
import { meanOf, type Design } from './design.js'

/** A column is dependent if less than this part of its length is orthogonal to the columns before it. */
const INDEPENDENCE = 1e-4

/** Ordinary least squares. Linearly dependent columns get the weight 0. */
export function leastSquares({ rows, targets, shares }: Design) {
  const kept = independentColumns(rows)
  const weights = new Array<number>(rows[0].length).fill(0)
  if (!kept.length) return { intercept: meanOf(targets, shares), weights }
  // The library inverts X'X, which is accurate only for independent columns of similar magnitude.
  const regression = new MultivariateLinearRegression(
    rows.map((row) => kept.map((column) => row[column])),
    targets.map((target) => [target]),
    { statistics: false },
  )
  kept.forEach((column, i) => (weights[column] = regression.weights[i][0]))
  return { intercept: regression.weights[kept.length][0], weights }
}

/**
 * Indices of the columns that are not a linear combination of those before them (Gram-Schmidt).
 *
 * @param rows rows of columns with mean 0 and variance 1
 */
export function independentColumns(rows: readonly (readonly number[])[]): number[] {
  const kept: number[] = []
  const basis: Float64Array[] = []
  for (let column = 0; column < rows[0].length; column++) {
    const rest = Float64Array.from(rows, (row) => row[column])
    const length = norm(rest)
    // Twice: after the first pass the rest may consist of rounding errors only.
    for (const direction of [...basis, ...basis]) subtractProjection(rest, direction)
    const left = norm(rest)
    if (left < INDEPENDENCE * length) continue
    kept.push(column)
    basis.push(rest.map((value) => value / left))
  }
  return kept
}

function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector))
}

function subtractProjection(vector: Float64Array, direction: Float64Array): void {
  const length = dot(vector, direction)
  for (let i = 0; i < vector.length; i++) vector[i] -= length * direction[i]
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
