/** Most bins of a column. */
export const MAX_BINS = 64

/** Columns discretized into bins, so that splits are found with histograms. */
export interface Binned {
  /** For each column, the bin of each row. */
  readonly bins: readonly Uint8Array[]
  /** For each column, the upper bounds of all bins but the last. */
  readonly bounds: readonly (readonly number[])[]
}

/** Discretizes each column at quantiles of its values. */
export function binned(columns: readonly Float64Array[]): Binned {
  const bounds = columns.map((values) => {
    const distinct = [...new Set(values)].sort((a, b) => a - b)
    if (distinct.length <= MAX_BINS) {
      return distinct.slice(1).map((value, i) => (value + distinct[i]) / 2)
    }
    const sorted = Float64Array.from(values).sort()
    const cuts = Array.from(
      { length: MAX_BINS - 1 },
      (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / MAX_BINS)],
    )
    return [...new Set(cuts)]
  })
  const bins = columns.map((values, column) =>
    Uint8Array.from(values, (value) => binOf(value, bounds[column])),
  )
  return { bins, bounds }
}

function binOf(value: number, bounds: readonly number[]): number {
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= bounds[middle]) high = middle
    else low = middle + 1
  }
  return low
}
