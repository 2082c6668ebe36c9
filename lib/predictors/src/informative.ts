import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { median } from './linear-algebra.js'

/** Directions that hold less than this part of the largest one's variance are noise. */
const NOISE = 1e-4

/** No more directions than this: a pick is for a handful of measurements. */
const MAX_DIRECTIONS = 6

/** Predictions below this part of the typical one are noise to a logarithm. */
const LEAST_PART = 0.05

/**
 * What predictors of other devices say of networks, as rows to pick from: the logarithms.
 *
 * @param predictions a row for each network, a column for each predictor, ms
 */
export function logPredictions(predictions: readonly (readonly number[])[]): number[][] {
  const floors = (predictions[0] ?? []).map(
    (_, i) => LEAST_PART * median(predictions.map((row) => row[i])),
  )
  return predictions.map((row) => row.map((value, i) => Math.log(Math.max(value, floors[i]))))
}

/**
 * The rows that tell most about a linear model of the columns: a D-optimal design with a prior
 * (Chaloner and Verdinelli, "Bayesian Experimental Design: A Review", 1995), picked one by one, always
 * the one whose value is least certain given those before it. The columns are turned into uncorrelated
 * directions of variance 1, so that none of them can be left out by its scale, and the design cannot
 * come near to singular while there are as many picks as directions.
 *
 * @param rows of one length, finite
 * @param count of picks, no more than there are rows
 * @returns indices in the order of their picking
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

/** Rows that are unlike all others say little of them: they count as the farthest of the usual ones. */
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

/** Share of the rows at either end of a column that count as unusual. */
const TAIL = 0.01

/** A constant, and the principal directions with variance 1. */
function whitened(rows: readonly (readonly number[])[]): number[][] {
  const width = rows[0].length
  const means = Array.from(
    { length: width },
    (_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length,
  )
  const centred = new Matrix(rows.map((row) => row.map((value, i) => value - means[i])))
  const covariance = centred.transpose().mmul(centred).div(rows.length)
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  })
  const order = [...realEigenvalues.keys()].sort((a, b) => realEigenvalues[b] - realEigenvalues[a])
  const largest = realEigenvalues[order[0]]
  const used = order
    .slice(0, MAX_DIRECTIONS)
    .filter((index) => largest > 0 && realEigenvalues[index] > NOISE * largest)
  const projected = centred.mmul(eigenvectorMatrix)
  return rows.map((_, row) => [
    1,
    ...used.map((index) => projected.get(row, index) / Math.sqrt(realEigenvalues[index])),
  ])
}

function quadratic(matrix: readonly (readonly number[])[], vector: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < vector.length; i++) {
    for (let j = 0; j < vector.length; j++) sum += vector[i] * matrix[i][j] * vector[j]
  }
  return sum
}

/** The covariance once the row has been measured (Sherman and Morrison). */
function updated(matrix: number[][], vector: readonly number[], variance: number): number[][] {
  const projected = matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 0))
  return matrix.map((row, i) =>
    row.map((value, j) => value - (projected[i] * projected[j]) / (1 + variance)),
  )
}
