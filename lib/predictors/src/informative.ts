import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { median } from './linear-algebra.js'

/** Principal directions with less than this part of the largest variance are noise. */
const NOISE = 1e-4

/** Most principal directions used: a pick is for a handful of measurements. */
const MAX_DIRECTIONS = 6

/** Predictions are raised to this part of the median, so that their logarithms are finite. */
const LEAST_PART = 0.05

/**
 * The logarithms of predictions, as rows to pick from.
 *
 * @param predictions one row per network, one column per predictor, ms
 */
export function logPredictions(predictions: readonly (readonly number[])[]): number[][] {
  const floors = (predictions[0] ?? []).map(
    (_, i) => LEAST_PART * median(predictions.map((row) => row[i])),
  )
  return predictions.map((row) => row.map((value, i) => Math.log(Math.max(value, floors[i]))))
}

/**
 * Picks the rows that determine a linear model of the columns best: a greedy D-optimal design with a prior
 * (Chaloner and Verdinelli, "Bayesian Experimental Design: A Review", 1995). Each pick is the row with the
 * largest posterior variance given the picks before it. The columns are first whitened (uncorrelated,
 * variance 1): no column is ignored because of its scale, and with as many picks as directions the design
 * is far from singular.
 *
 * @param rows all of the same length, finite
 * @param count number of picks, at most the number of rows
 * @returns indices of the picked rows, the most informative first
 */
export function mostInformative(rows: readonly (readonly number[])[], count: number): number[] {
  const directions = whitened(clipped(rows))
  const size = directions[0].length
  let covariance = Matrix.eye(size).to2DArray()
  const left = new Set(rows.keys())
  const picks: number[] = []
  while (picks.length < count) {
    let best = -1
    let most = -Infinity
    for (const index of left) {
      const variance = quadratic(covariance, directions[index])
      if (variance > most) [best, most] = [index, variance]
    }
    picks.push(best)
    left.delete(best)
    covariance = updated(covariance, directions[best], most)
  }
  return picks
}

/** Clips each column to its inner quantiles: a row that is unlike all others says little about them. */
function clipped(rows: readonly (readonly number[])[]): number[][] {
  const ranges = rows[0].map((_, i) => {
    const column = Float64Array.from(rows, (row) => row[i]).sort()
    const at = (part: number): number => column[Math.round(part * (column.length - 1))]
    return { low: at(TAIL), high: at(1 - TAIL) }
  })
  return rows.map((row) =>
    row.map((value, i) => Math.min(Math.max(value, ranges[i].low), ranges[i].high)),
  )
}

/** Share of the rows at either end of a column that is clipped. */
const TAIL = 0.01

/** Each row as a constant 1 and its principal components, scaled to variance 1. */
function whitened(rows: readonly (readonly number[])[]): number[][] {
  const width = rows[0].length
  const means = Array.from(
    { length: width },
    (_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length,
  )
  const centered = new Matrix(rows.map((row) => row.map((value, i) => value - means[i])))
  const covariance = centered.transpose().mmul(centered).div(rows.length)
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  })
  const order = [...realEigenvalues.keys()].sort((a, b) => realEigenvalues[b] - realEigenvalues[a])
  const largest = realEigenvalues[order[0]]
  const used = order
    .slice(0, MAX_DIRECTIONS)
    .filter((index) => largest > 0 && realEigenvalues[index] > NOISE * largest)
  const projected = centered.mmul(eigenvectorMatrix)
  return rows.map((_, row) => [
    1,
    ...used.map((index) => projected.get(row, index) / Math.sqrt(realEigenvalues[index])),
  ])
}

/** v' M v. */
function quadratic(matrix: readonly (readonly number[])[], vector: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < vector.length; i++) {
    for (let j = 0; j < vector.length; j++) sum += vector[i] * matrix[i][j] * vector[j]
  }
  return sum
}

/** The posterior covariance after the row is measured (Sherman-Morrison formula; noise variance 1). */
function updated(matrix: number[][], vector: readonly number[], variance: number): number[][] {
  const projected = matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 0))
  return matrix.map((row, i) =>
    row.map((value, j) => value - (projected[i] * projected[j]) / (1 + variance)),
  )
}
