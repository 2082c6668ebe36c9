import { activeSet } from '../active-set.js'
import { median } from '../linear-algebra.js'
import { nonNegative } from '../non-negative.js'

/**
 * Ridge penalties in units of squared relative errors, divided by the number of samples. References have the
 * smaller one, since they should explain most of the latency.
 */
const REFERENCE_PENALTY = 0.01
const COUNT_PENALTY = 0.1

/** Relative errors of this size are noise, even if a fit to a few samples is exact. */
export const NOISE = 0.01

/** Samples as columns: predictions of the references in ms, counts, and measured latencies. */
export interface Columns {
  readonly references: readonly Float64Array[]
  readonly counts: readonly Float64Array[]
  /** ms */
  readonly latencies: Float64Array
}

/** The coefficients of a sum of columns; 0 for unused columns. */
export interface Combination {
  /** ms */
  readonly intercept: number
  readonly references: Float64Array
  /** ms per unit of each count */
  readonly counts: Float64Array
}

/** Fits a non-negative sum of all columns, by robust least squares on relative errors. */
export function combine({ references, counts, latencies }: Columns): Combination {
  const unit = median(latencies)
  const columns = [...references, ...counts]
  // References are scaled by their median, counts by twice their standard deviation.
  const scales = columns.map((column, i) =>
    i < references.length ? median(column) || 1 : 2 * deviation(column) || 1,
  )
  const width = columns.length + 1
  const rows = new Float64Array(latencies.length * width)
  latencies.forEach((_, row) => {
    rows[row * width] = 1
    columns.forEach((column, i) => (rows[row * width + i + 1] = column[row] / scales[i]))
  })
  const targets = latencies.map((latency) => latency / unit)
  const penalties = Float64Array.from({ length: width }, (_, i) => {
    if (!i) return 0
    return (i <= references.length ? REFERENCE_PENALTY : COUNT_PENALTY) / latencies.length
  })
  const weights = nonNegative({ rows, width, targets, units: targets }, penalties, NOISE, activeSet)
  const costs = Float64Array.from(scales, (scale, i) => (unit * weights[i + 1]) / scale)
  return {
    intercept: unit * weights[0],
    references: costs.subarray(0, references.length),
    counts: costs.subarray(references.length),
  }
}

/** The sum for one sample, ms. */
export function sumAt(combination: Combination, { references, counts }: Columns, row: number) {
  let sum = combination.intercept
  references.forEach((column, i) => (sum += combination.references[i] * column[row]))
  counts.forEach((column, i) => (sum += combination.counts[i] * column[row]))
  return sum
}

/** The columns of some of the samples. */
export function rowsOf(columns: Columns, rows: readonly number[]): Columns {
  const some = (column: Float64Array) => Float64Array.from(rows, (row) => column[row])
  return {
    references: columns.references.map(some),
    counts: columns.counts.map(some),
    latencies: some(columns.latencies),
  }
}

/** The standard deviation. */
function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / values.length)
}
