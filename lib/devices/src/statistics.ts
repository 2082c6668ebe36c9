import type { LatencyStatistics } from '@leti/records'

/** The fewest samples whose range covers the median with 95% confidence: 1 - 2 / 2^6 = 96.9%. */
const FEWEST_FOR_INTERVAL = 6

/**
 * What a record reports of its samples.
 *
 * @param samples latencies in ms, in the order of measurement, at least one
 */
export function latencyStatistics(samples: readonly number[]): LatencyStatistics {
  const sorted = [...samples].sort((a, b) => a - b)
  const count = sorted.length
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const ci95 = medianInterval(sorted)
  return {
    median: quantile(sorted, 0.5),
    mean,
    std: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
    min: sorted[0],
    p90: quantile(sorted, 0.9),
    count,
    ...(ci95 && { ci95 }),
  }
}

export function median(samples: readonly number[]): number {
  return quantile(
    [...samples].sort((a, b) => a - b),
    0.5,
  )
}

/**
 * 95% confidence interval of the median from order statistics, free of any assumption on the
 * distribution: ranks from the normal approximation of Binomial(n, 1/2) (Conover, "Practical
 * Nonparametric Statistics", 3.2), which for 6 to 8 samples are the extremes.
 *
 * @param sorted samples in ascending order
 * @returns undefined where there are too few samples for any such interval
 */
export function medianInterval(sorted: readonly number[]): [number, number] | undefined {
  const count = sorted.length
  if (count < FEWEST_FOR_INTERVAL) return undefined
  const reach = (1.96 * Math.sqrt(count)) / 2
  const low = Math.max(Math.floor(count / 2 - reach), 1)
  const high = Math.min(Math.ceil(1 + count / 2 + reach), count)
  return [sorted[low - 1], sorted[high - 1]]
}

/** Linear interpolation between the order statistics. */
function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share
  const below = Math.floor(position)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below)
}
