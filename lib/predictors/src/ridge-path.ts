import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { meanOf, type Design } from './design.js'

/** The solutions of one ridge regression for every strength of the penalty. */
export interface RidgePath {
  readonly intercept: number
  /** @param strength the penalty, relative to the columns' variance of 1 */
  weights(strength: number): number[]
}

/**
 * Ridge regression: least squares with a penalty on the squared weights. Collinear columns share their
 * weight, and fewer rows than columns do no harm. The correlation matrix is decomposed once (O(columns^3));
 * each strength then costs one matrix-vector product.
 */
export function ridgePath({ rows, targets, shares }: Design): RidgePath {
  const intercept = meanOf(targets, shares)
  if (!rows[0].length) return { intercept, weights: () => [] }
  const roots = shares.map(Math.sqrt)
  const x = new Matrix(rows.map((row, i) => row.map((value) => value * roots[i])))
  const y = Matrix.columnVector(targets.map((value, i) => (value - intercept) * roots[i]))
  const transposed = x.transpose()
  const correlations = new EigenvalueDecomposition(transposed.mmul(x), { assumeSymmetric: true })
  const vectors = correlations.eigenvectorMatrix
  const projections = vectors.transpose().mmul(transposed.mmul(y)).to1DArray()
  // Rounding may make an eigenvalue of 0 slightly negative.
  const variances = correlations.realEigenvalues.map((value) => Math.max(value, 0))
  return {
    intercept,
    weights(strength) {
      const shrunk = projections.map((value, i) => value / (variances[i] + strength))
      return vectors.mmul(Matrix.columnVector(shrunk)).to1DArray()
    },
  }
}
