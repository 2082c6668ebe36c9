import type { LatencyStatistics } from '@leti/records'

/** The fewest samples whose range covers the median with 95% confidence: 1 - 2 / 2^6 = 96.9%. */
const FEWEST_FOR_INTERVAL = 6

/**
 * The statistics of samples that a record reports.
 *
 * @param samples latencies in ms, in any order; at least one
 */
export function latencyStatistics(samples: readonly number[]): LatencyStatistics {
  const sorted = [...samples].sort((a, b) => a - b)
  const count = sorted.length
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const ci95 = medianInterval(sorted)
  const p90 = ninetiethPercentile(sorted)
  return {
    median: quantile(sorted, 0.5),
    mean,
    std: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
    min: sorted[0],
    ...(p90 !== undefined && { p90 }),
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
 * 95% confidence interval of the median from order statistics; it assumes no distribution. The ranks
 * come from the normal approximation of Binomial(n, 1/2) (Conover, "Practical Nonparametric
 * Statistics", 3.2). For 6 to 8 samples they are the extremes.
 *
 * @param sorted samples in ascending order
 * @returns `undefined` if there are too few samples for such an interval
 */
export function medianInterval(sorted: readonly number[]): [number, number] | undefined {
  const count = sorted.length
  if (count < FEWEST_FOR_INTERVAL) return undefined
  const reach = (1.96 * Math.sqrt(count)) / 2
  const low = Math.max(Math.floor(count / 2 - reach), 1)
  const high = Math.min(Math.ceil(1 + count / 2 + reach), count)
  return [sorted[low - 1], sorted[high - 1]]
}

/**
 * How uncertain the median is: its variance, relative to its square, from the quantiles that lie one standard error
 * beside it.
 */
export function varianceOfMedian(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const reach = 0.5 / Math.sqrt(sorted.length)
  const error = (quantile(sorted, 0.5 + reach) - quantile(sorted, 0.5 - reach)) / 2
  return (error / quantile(sorted, 0.5)) ** 2
}

/** The share of the runs that may take longer than `p90`, and the risk that more of them do. */
const [TAIL, RISK] = [0.1, 0.01]

/**
 * The 90th percentile by MLPerf's early-stopping rule (MLCommons, "MLPerf Inference Rules", early stopping
 * criterion): a latency that at least 90% of all runs keep, with 99% confidence. The rule leaves out the t
 * longest samples, where t is the largest number with P(Bin(n, 0.1) <= t) <= 0.01.
 *
 * @param sorted samples in ascending order
 * @returns `undefined` if there are fewer than 44 samples, whose longest may be below the percentile
 */
export function ninetiethPercentile(sorted: readonly number[]): number | undefined {
  const count = sorted.length
  // P(Bin(n, p) = longer) from the one before, in logarithms: (1 - p)^n is no number for a large n.
  let log = count * Math.log1p(-TAIL)
  let cumulative = Math.exp(log)
  let longer = -1
  while (cumulative <= RISK && longer < count) {
    longer++
    log += Math.log(((count - longer) * TAIL) / ((longer + 1) * (1 - TAIL)))
    cumulative += Math.exp(log)
  }
  return longer < 0 ? undefined : sorted[count - 1 - longer]
}

/** A quantile by linear interpolation between order statistics. */
function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share
  const below = Math.floor(position)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below)
}
