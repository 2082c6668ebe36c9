import { cholesky, solveFactored } from '../linear-algebra.js'
import { HUBER, robustScale } from '../robust.js'

/** A regression: rows of standardized columns, and targets. */
export interface Problem {
  /** Row-major; the first column is 1. */
  readonly rows: Float64Array
  readonly width: number
  readonly targets: Float64Array
  /** The unit of each row's error; the target itself makes errors relative. */
  readonly units: Float64Array
}

/** Weighted moments of the rows: X'WX (lower triangle) and X'Wy. */
export interface Moments {
  readonly gram: Float64Array
  readonly projection: Float64Array
}

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

/** @param robust weight of each row */
export function momentsOf(problem: Problem, robust: Float64Array): Moments {
  const { width, targets, units } = problem
  const count = targets.length
  const gram = new Float64Array(width * width)
  const projection = new Float64Array(width)
  const shares = robust.map((weight, row) => weight / (units[row] * units[row] * count))
  const whole = count - (count % 4)
  for (let row = 0; row < whole; row += 4) addFour(problem, row, shares, gram)
  for (let row = whole; row < count; row++) addRow(problem, row, shares, gram)
  for (let row = 0; row < count; row++) {
    for (let i = 0, at = row * width; i < width; i++, at++) {
      projection[i] += shares[row] * problem.rows[at] * targets[row]
    }
  }
  return { gram, projection }
}

/** Adds four rows at once to the lower triangle: each of its elements is read and written once for all four. */
function addFour(
  { rows, width }: Problem,
  row: number,
  shares: Float64Array,
  gram: Float64Array,
): void {
  const [a, b, c, d] = [0, 1, 2, 3].map((part) => (row + part) * width)
  for (let i = 0; i < width; i++) {
    const first = shares[row] * rows[a + i]
    const second = shares[row + 1] * rows[b + i]
    const third = shares[row + 2] * rows[c + i]
    const fourth = shares[row + 3] * rows[d + i]
    for (let j = 0, at = i * width; j <= i; j++, at++) {
      const sum = gram[at] + first * rows[a + j] + second * rows[b + j]
      gram[at] = sum + third * rows[c + j] + fourth * rows[d + j]
    }
  }
}

function addRow(
  { rows, width }: Problem,
  row: number,
  shares: Float64Array,
  gram: Float64Array,
): void {
  const start = row * width
  for (let i = 0; i < width; i++) {
    const left = shares[row] * rows[start + i]
    for (let j = 0, at = i * width; j <= i; j++, at++) gram[at] += left * rows[start + j]
  }
}

/**
 * Minimizes the weighted squared errors plus the ridge penalty.
 *
 * @param penalties penalty of each column; Infinity leaves a column out
 * @returns the weight of each column
 */
export function solve({ gram, projection }: Moments, penalties: Float64Array): Float64Array {
  const width = projection.length
  const used = [...penalties.keys()].filter((column) => penalties[column] < Infinity)
  const size = used.length
  const matrix = new Float64Array(size * size)
  const solution = new Float64Array(size)
  used.forEach((column, i) => {
    solution[i] = projection[column]
    for (let j = 0; j <= i; j++) matrix[i * size + j] = gram[column * width + used[j]]
    matrix[i * size + i] += penalties[column]
  })
  solveFactored(cholesky(matrix, size), solution)
  const weights = new Float64Array(width)
  used.forEach((column, i) => (weights[column] = solution[i]))
  return weights
}
