import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { meanOf, type Design } from './design.js'

/** The solutions of one ridge regression for all strengths. */
export interface RidgePath {
  readonly intercept: number
  /** @param strength what is added to each variance; the columns' own is 1 */
  weights(strength: number): number[]
}

/**
 * Ridge regression: least squares with weights held towards 0, so that columns that say the same
 * share what they explain, and fewer rows than columns do no harm. The eigenvectors of the columns'
 * correlations are found once; each strength then costs one matrix-vector product.
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
  // Rounding may leave an eigenvalue that is 0 just below it.
  const variances = correlations.realEigenvalues.map((value) => Math.max(value, 0))
  return {
    intercept,
    weights(strength) {
      const shrunk = projections.map((value, i) => value / (variances[i] + strength))
      return vectors.mmul(Matrix.columnVector(shrunk)).to1DArray()
    },
  }
}
