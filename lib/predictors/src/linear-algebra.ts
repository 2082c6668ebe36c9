/** A square matrix in row-major order; symmetric ones hold both triangles. */
export type Matrix = Float64Array

/** A pivot below this part of its diagonal element is a rounding error: the matrix is singular. */
const SINGULAR = 1e-12

/**
 * The Cholesky factor of a symmetric positive definite matrix: L with L L' = A, in the lower triangle. In a
 * direction in which A is singular, solutions are 0.
 *
 * @param matrix `size` x `size`; overwritten
 */
export function cholesky(matrix: Matrix, size: number): Matrix {
  for (let column = 0; column < size; column++) {
    const at = column * size
    const diagonal = matrix[at + column]
    let pivot = diagonal
    for (let k = 0; k < column; k++) pivot -= matrix[at + k] * matrix[at + k]
    const root = pivot > SINGULAR * diagonal ? Math.sqrt(pivot) : Infinity
    matrix[at + column] = root
    for (let row = column + 1; row < size; row++) {
      const other = row * size
      let sum = matrix[other + column]
      for (let k = 0; k < column; k++) sum -= matrix[other + k] * matrix[at + k]
      matrix[other + column] = sum / root
    }
  }
  return matrix
}

/** Solves L L' x = b for a factor from `cholesky`. Overwrites `b` with x. */
export function solveFactored(factor: Matrix, b: Float64Array): Float64Array {
  const size = b.length
  for (let row = 0; row < size; row++) {
    const at = row * size
    let sum = b[row]
    for (let k = 0; k < row; k++) sum -= factor[at + k] * b[k]
    b[row] = sum / factor[at + row]
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = b[row]
    for (let k = row + 1; k < size; k++) sum -= factor[k * size + row] * b[k]
    b[row] = sum / factor[row * size + row]
  }
  return b
}

/** The diagonal of (L L')^-1: the squared lengths of the columns of L^-1. */
export function inverseDiagonal(factor: Matrix, size: number): Float64Array {
  const diagonal = new Float64Array(size)
  const column = new Float64Array(size)
  for (let start = 0; start < size; start++) {
    let length = 0
    for (let row = start; row < size; row++) {
      const at = row * size
      let sum = row === start ? 1 : 0
      for (let k = start; k < row; k++) sum -= factor[at + k] * column[k]
      column[row] = sum / factor[at + row]
      length += column[row] * column[row]
    }
    diagonal[start] = length
  }
  return diagonal
}

/** The inverse of A from its Cholesky factor, both triangles. */
export function inverseOf(factor: Matrix, size: number): Matrix {
  const root = new Float64Array(size * size)
  for (let column = 0; column < size; column++) {
    for (let row = column; row < size; row++) {
      let sum = row === column ? 1 : 0
      for (let k = column; k < row; k++) sum -= factor[row * size + k] * root[k * size + column]
      root[row * size + column] = sum / factor[row * size + row]
    }
  }
  const inverse = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = i; k < size; k++) sum += root[k * size + i] * root[k * size + j]
      inverse[i * size + j] = sum
      inverse[j * size + i] = sum
    }
  }
  return inverse
}

/** The median; of an even number of values, the mean of the two in the middle. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
