import { describe, expect, test } from 'vitest'
import { cholesky, inverseDiagonal, inverseOf, solveFactored } from './linear-algebra.js'

/** A symmetric matrix, positive definite since its diagonal dominates. */
function matrixOf(size: number): Float64Array {
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      matrix[i * size + j] = matrix[j * size + i] = Math.sin(7 * i + 3 * j) / size
    }
    matrix[i * size + i] = 2 + Math.cos(i)
  }
  return matrix
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size), at % size]
    let sum = 0
    for (let k = 0; k < size; k++) sum += a[row * size + k] * b[k * size + column]
    return sum
  })
}

// Rows are worked on in fours: sizes around multiples of four.
describe.each([1, 3, 4, 5, 8, 11])('a matrix of size %i', (size) => {
  const matrix = matrixOf(size)
  const factor = cholesky(Float64Array.from(matrix), size)

  test('times its inverse is 1', () => {
    const unit = product(matrix, inverseOf(factor, size), size)
    unit.forEach((value, at) =>
      expect(value).toBeCloseTo(at % size === Math.floor(at / size) ? 1 : 0, 12),
    )
  })

  test('has the diagonal of its inverse', () => {
    const inverse = inverseOf(factor, size)
    inverseDiagonal(factor, size).forEach((value, i) =>
      expect(value).toBeCloseTo(inverse[i * size + i], 12),
    )
  })

  test('times the solution is the right-hand side', () => {
    const b = Float64Array.from({ length: size }, (_, i) => i - 1)
    const x = solveFactored(factor, Float64Array.from(b))
    b.forEach((value, row) => {
      const sum = x.reduce((total, part, column) => total + matrix[row * size + column] * part, 0)
      expect(sum).toBeCloseTo(value, 12)
    })
  })
})

test('in a direction in which the matrix is singular, the solution is 0', () => {
  // Rows 1 and 5 are equal.
  const size = 6
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1
  matrix[5 * size + 1] = matrix[size + 5] = 1
  const b = Float64Array.from({ length: size }, () => 1)
  expect([...solveFactored(cholesky(matrix, size), b)]).toEqual([1, 1, 1, 1, 1, 0])
})
