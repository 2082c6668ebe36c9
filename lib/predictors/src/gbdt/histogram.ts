import { MAX_BINS, type Binned } from './bins.js'

/** Sums of gradients and numbers of rows, by column and bin. */
export interface Histogram {
  readonly sums: Float64Array
  readonly counts: Int32Array
}

/** Of a leaf with fewer rows, the histogram is computed from them: it has no rounding errors of others. */
const MANY_ROWS = 1000

/** @param columns indices of the columns to count, in their order */
export function histogramOf(
  { bins }: Binned,
  columns: readonly number[],
  gradients: Float64Array,
  rows: Int32Array,
): Histogram {
  const sums = new Float64Array(columns.length * MAX_BINS)
  const counts = new Int32Array(columns.length * MAX_BINS)
  const own = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) own[i] = gradients[rows[i]]
  columns.forEach((column, index) => {
    const inBin = bins[column]
    const start = index * MAX_BINS
    for (let i = 0; i < rows.length; i++) {
      const at = start + inBin[rows[i]]
      sums[at] += own[i]
      counts[at]++
    }
  })
  return { sums, counts }
}

/**
 * The histograms of the two parts of a leaf. That of the larger one is what the smaller one leaves of the whole (Ke et
 * al., "LightGBM", 2017).
 */
export function histogramsOf(
  whole: Histogram,
  parts: readonly [Int32Array, Int32Array],
  countRows: (rows: Int32Array) => Histogram,
): Histogram[] {
  const larger = parts[1].length > parts[0].length ? 1 : 0
  if (parts[larger].length <= MANY_ROWS) return parts.map(countRows)
  const smaller = countRows(parts[1 - larger])
  const rest = { sums: Float64Array.from(whole.sums), counts: Int32Array.from(whole.counts) }
  for (let at = 0; at < rest.sums.length; at++) {
    rest.sums[at] -= smaller.sums[at]
    rest.counts[at] -= smaller.counts[at]
  }
  return larger ? [smaller, rest] : [rest, smaller]
}
