/** A square matrix in row-major order; symmetric ones hold both triangles. */
export type Matrix = Float64Array

/** A pivot below this part of its diagonal element is a rounding error: the matrix is singular. */
const SINGULAR = 1e-12

/**
 * The Cholesky factor of a symmetric positive definite matrix: L with L L' = A, in the lower triangle. In a
 * direction in which A is singular, solutions are 0.
 *
 * Four rows at a time: a sum waits for its own last addition, so four that are independent take hardly longer
 * than one.
 *
 * @param matrix `size` x `size`; overwritten
 */
export function cholesky(matrix: Matrix, size: number): Matrix {
  const whole = size - (size % ROWS)
  for (let row = 0; row < whole; row += ROWS) factorFour(matrix, size, row)
  for (let row = whole; row < size; row++) factorFrom(matrix, size, row, 0)
  return matrix
}

const ROWS = 4

/** Computes four rows of the factor from those above them. */
function factorFour(matrix: Matrix, size: number, row: number): void {
  eliminateFour(matrix, row * size, size, row, (column) => column * size)
  for (let i = 0; i < ROWS; i++) factorFrom(matrix, size, row + i, row)
}

/**
 * Computes the first columns of four rows of a factor, which hold the matrix's elements.
 *
 * @param start where the four rows begin
 * @param pivotOf where the row of the factor begins whose last element is in a column
 */
export function eliminateFour(
  rows: Float64Array,
  start: number,
  width: number,
  columns: number,
  pivotOf: (column: number) => number,
): void {
  const [a, b, c, d] = [0, 1, 2, 3].map((i) => start + i * width)
  for (let column = 0; column < columns; column++) {
    const at = pivotOf(column)
    let p = rows[a + column]
    let q = rows[b + column]
    let r = rows[c + column]
    let s = rows[d + column]
    for (let k = 0; k < column; k++) {
      const value = rows[at + k]
      p -= rows[a + k] * value
      q -= rows[b + k] * value
      r -= rows[c + k] * value
      s -= rows[d + k] * value
    }
    const root = rows[at + column]
    rows[a + column] = p / root
    rows[b + column] = q / root
    rows[c + column] = r / root
    rows[d + column] = s / root
  }
}

/** Computes a row of the factor from a column on. */
function factorFrom(matrix: Matrix, size: number, row: number, start: number): void {
  const own = row * size
  for (let column = start; column <= row; column++) {
    const at = column * size
    let sum = matrix[own + column]
    for (let k = 0; k < column; k++) sum -= matrix[own + k] * matrix[at + k]
    if (column < row) matrix[own + column] = sum / matrix[at + column]
    else matrix[own + row] = sum > SINGULAR * matrix[own + row] ? Math.sqrt(sum) : Infinity
  }
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
  const columns = new Float64Array(ROWS * size)
  for (let start = 0; start < size; start += ROWS) {
    invertFour(factor, size, start, columns)
    for (let i = 0; i < ROWS && start + i < size; i++) {
      let length = 0
      for (let at = (start + i) * ROWS + i; at < size * ROWS; at += ROWS) {
        length += columns[at] * columns[at]
      }
      diagonal[start + i] = length
    }
  }
  return diagonal
}

/**
 * The inverse of A from its Cholesky factor, both triangles. Its element (i, j) is the product of columns i and j
 * of L^-1.
 */
export function inverseOf(factor: Matrix, size: number): Matrix {
  // Row r holds column r of L^-1, from its diagonal on.
  const roots = new Float64Array(size * size)
  const columns = new Float64Array(ROWS * size)
  for (let start = 0; start < size; start += ROWS) {
    invertFour(factor, size, start, columns)
    for (let i = 0; i < ROWS && start + i < size; i++) {
      const at = (start + i) * size
      for (let row = start + i; row < size; row++) roots[at + row] = columns[row * ROWS + i]
    }
  }
  const inverse = new Float64Array(size * size)
  for (let j = 0; j < size; j += ROWS) {
    for (let i = j; i < size; i++) multiplyFour(roots, size, i, j, inverse)
  }
  return inverse
}

/**
 * Four columns of L^-1, from `start` on, side by side in `columns`: row after row. Above its diagonal a column is 0.
 */
function invertFour(factor: Matrix, size: number, start: number, columns: Float64Array): void {
  for (let row = start; row < size; row++) {
    const at = row * size
    let p = row === start ? 1 : 0
    let q = row === start + 1 ? 1 : 0
    let r = row === start + 2 ? 1 : 0
    let s = row === start + 3 ? 1 : 0
    for (let k = start, from = start * ROWS; k < row; k++, from += ROWS) {
      const value = factor[at + k]
      p -= value * columns[from]
      q -= value * columns[from + 1]
      r -= value * columns[from + 2]
      s -= value * columns[from + 3]
    }
    const root = factor[at + row]
    columns[row * ROWS] = p / root
    columns[row * ROWS + 1] = q / root
    columns[row * ROWS + 2] = r / root
    columns[row * ROWS + 3] = s / root
  }
}

/** Elements (i, j) to (i, j + 3) of the inverse, as far as they are in the lower triangle, and their mirror images. */
function multiplyFour(
  roots: Float64Array,
  size: number,
  i: number,
  j: number,
  inverse: Matrix,
): void {
  const own = i * size
  // Past the diagonal, rows are taken that exist; their sums are not used.
  const [a, b, c, d] = [0, 1, 2, 3].map((part) => Math.min(j + part, i) * size)
  let p = 0
  let q = 0
  let r = 0
  let s = 0
  for (let k = i; k < size; k++) {
    const value = roots[own + k]
    p += value * roots[a + k]
    q += value * roots[b + k]
    r += value * roots[c + k]
    s += value * roots[d + k]
  }
  const sums = [p, q, r, s]
  for (let part = 0; part < ROWS && j + part <= i; part++) {
    inverse[own + j + part] = sums[part]
    inverse[(j + part) * size + i] = sums[part]
  }
}

/** The median; of an even number of values, the mean of the two in the middle. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
