import MultivariateLinearRegression from 'ml-regression-multivariate-linear'
import { meanOf, type Design } from './design.js'

/** A column adds nothing where less than this part of it (in length) is not in those before it. */
const INDEPENDENCE = 1e-4

/** Ordinary least squares. Columns that others explain get the weight 0. */
export function leastSquares({ rows, targets, shares }: Design) {
  const kept = independentColumns(rows)
  const weights = new Array<number>(rows[0].length).fill(0)
  if (!kept.length) return { intercept: meanOf(targets, shares), weights }
  // The library inverts X'X: that is sound only for columns of one magnitude that are independent.
  const regression = new MultivariateLinearRegression(
    rows.map((row) => kept.map((column) => row[column])),
    targets.map((target) => [target]),
    { statistics: false },
  )
  kept.forEach((column, i) => (weights[column] = regression.weights[i][0]))
  return { intercept: regression.weights[kept.length][0], weights }
}

/**
 * The columns that are no combination of those before them, by Gram and Schmidt's method.
 *
 * @param rows of columns with mean 0 and variance 1
 */
export function independentColumns(rows: readonly (readonly number[])[]): number[] {
  const kept: number[] = []
  const basis: Float64Array[] = []
  for (let column = 0; column < rows[0].length; column++) {
    const rest = Float64Array.from(rows, (row) => row[column])
    const length = norm(rest)
    // Twice, since what rounding leaves of the others after the first pass may be all there is.
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
