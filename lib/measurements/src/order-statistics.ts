/** The quantile by linear interpolation between order statistics; NaN for no values. */
export function quantileOf(values: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  const position = (sorted.length - 1) * share
  const below = Math.floor(position)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below)
}

export function medianOf(values: Iterable<number>): number {
  return quantileOf(values, 0.5)
}
