import { HUBER, robustScale } from '../robust.js'
import { RunningMoments, type Problem } from '../additive/moments.js'
import { fitted, solve } from '../additive/regression.js'
import { eliminateFour } from '../linear-algebra.js'
import { covariance, type Points } from './covariance.js'

/** Iterations of the robust reweighting. */
const STEPS = 3

/** What the chosen points leave of the variance of every other one, at least: less is a rounding error. */
const LEAST_VARIANCE = 1e-6

/** Most points to choose from. */
const CANDIDATES = 2000

/** Some points that stand for all. */
export interface Inducing {
  /** Indices of the points. */
  readonly chosen: readonly number[]
  /** The weight of each chosen point's covariance in a prediction. */
  readonly alpha: Float64Array
}

/**
 * Conditions a Gaussian process with a signal variance of 1 on more observations than a Cholesky factor of all their
 * covariances allows: the process is a weighted sum of the covariances of some points (Snelson and Ghahramani,
 * "Sparse Gaussian Processes using Pseudo-inputs", 2006, with points of the training set). Each chosen point is the
 * one that those before it determine least. Observations with a large error get a larger noise (Huber weights).
 *
 * @param points divided by their length scales
 * @param noise variance of the noise
 * @param most number of points to choose
 */
export function sparsePosterior(
  points: Points,
  observed: Float64Array,
  noise: number,
  most: number,
): Inducing {
  const { chosen, rows, width, left } = chosenOf(points, most)
  const units = new Float64Array(points.count).fill(1)
  const problem: Problem = { rows, width, targets: observed, units }
  const penalties = new Float64Array(width).fill(noise / points.count)
  const moments = new RunningMoments(problem)
  let factors: Float64Array = units
  let weights: Float64Array = new Float64Array(width)
  for (let step = 0; step < STEPS; step++) {
    const robust = factors.map((factor, i) => noise / (noise * factor + left[i]))
    weights = solve(moments.at(robust), penalties)
    const errors = fitted(problem, weights).map((value, i) => Math.abs(observed[i] - value))
    const bound = HUBER * robustScale(errors) || Infinity
    factors = errors.map((error) => Math.max(1, error / bound))
  }
  return { chosen, alpha: alphaOf(rows, width, chosen, weights) }
}

/** A Cholesky factor of the covariances, of which only some columns are computed. */
interface Partial {
  readonly chosen: readonly number[]
  /** Row-major; the products of two rows are nearly the covariances of the points. */
  readonly rows: Float64Array
  readonly width: number
  /** The variance of each point that the columns leave. */
  readonly left: Float64Array
}

/**
 * The pivoted Cholesky factor (Fine and Scheinberg, "Efficient SVM training using low-rank kernels", 2001). The first
 * points are those to choose from.
 */
function chosenOf(points: Points, most: number): Partial {
  const { count } = points
  const candidates = Math.min(count, CANDIDATES)
  const rows = new Float64Array(count * most)
  const left = new Float64Array(count).fill(1)
  const open = left.subarray(0, candidates)
  const chosen: number[] = []
  while (chosen.length < most) {
    const next = indexOfLargest(open)
    if (open[next] < LEAST_VARIANCE) break
    addColumn(points, rows, most, next, chosen.length, open)
    chosen.push(next)
  }
  const width = chosen.length
  for (let point = candidates; point < count; point += 4) {
    // The last four are not all new if their number is not a multiple of 4.
    addPoints(points, rows, most, Math.min(point, count - 4), chosen, left)
  }
  if (width === most) return { chosen, rows, width: most, left }
  const kept = new Float64Array(count * width)
  for (let i = 0; i < count; i++) kept.set(rows.subarray(i * most, i * most + width), i * width)
  return { chosen, rows: kept, width, left }
}

/**
 * Computes the rows of four points that were not to choose from, and the variances that are left. Row by row, what was
 * computed stays in the cache, which it does not column by column.
 */
function addPoints(
  points: Points,
  rows: Float64Array,
  width: number,
  point: number,
  chosen: readonly number[],
  left: Float64Array,
): void {
  for (let i = 0; i < 4; i++) {
    chosen.forEach((other, column) => {
      rows[(point + i) * width + column] = covarianceOf(points, point + i, other)
    })
  }
  eliminateFour(rows, point * width, width, chosen.length, (column) => chosen[column] * width)
  for (let i = 0; i < 4; i++) {
    left[point + i] = leftOf(rows.subarray((point + i) * width, (point + i + 1) * width))
  }
}

/** The variance that a row of the factor leaves of 1. */
function leftOf(row: Float64Array): number {
  return Math.max(0, 1 - row.reduce((sum, value) => sum + value * value, 0))
}

/** Computes a column of the factor, and takes its part from the variances that are left. */
function addColumn(
  points: Points,
  rows: Float64Array,
  width: number,
  pivot: number,
  column: number,
  left: Float64Array,
): void {
  const root = Math.sqrt(left[pivot])
  const start = pivot * width
  for (let i = 0, at = 0; i < left.length; i++, at += width) {
    let [first, second] = [covarianceOf(points, i, pivot), 0]
    let k = 0
    // Two sums do not wait for each other.
    for (; k + 1 < column; k += 2) {
      first -= rows[at + k] * rows[start + k]
      second -= rows[at + k + 1] * rows[start + k + 1]
    }
    if (k < column) first -= rows[at + k] * rows[start + k]
    const value = (first + second) / root
    rows[at + column] = value
    left[i] = Math.max(0, left[i] - value * value)
  }
  left[pivot] = 0
}

function covarianceOf({ rows, width }: Points, a: number, b: number): number {
  let sum = 0
  for (let i = 0, at = a * width, to = b * width; i < width; i++, at++, to++) {
    const difference = rows[at] - rows[to]
    sum += difference * difference
  }
  return covariance(sum)
}

/** The weights of covariances with the chosen points, from those of the columns of the factor. */
function alphaOf(
  rows: Float64Array,
  width: number,
  chosen: readonly number[],
  weights: Float64Array,
): Float64Array {
  const alpha = Float64Array.from(weights)
  for (let i = width - 1; i >= 0; i--) {
    for (let k = i + 1; k < width; k++) alpha[i] -= rows[chosen[k] * width + i] * alpha[k]
    alpha[i] /= rows[chosen[i] * width + i]
  }
  return alpha
}

function indexOfLargest(values: Float64Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i
  return best
}
