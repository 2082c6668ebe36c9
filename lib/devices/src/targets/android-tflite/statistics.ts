import type { LatencyStatistics } from '@leti/records'
import { median } from '../../statistics.js'
import type { Summary } from './summary.js'

/** Student's t, two-sided 95%, for 1 and 2 degrees of freedom. */
const T95 = [12.706, 4.303]
/**
 * For more degrees of freedom: the terms of an expansion in powers of 1 / degrees of freedom (Abramowitz
 * and Stegun, 26.7.5), accurate to 0.004.
 */
const T95_TERMS = [1.95996, 2.37227, 2.8225, 2.55585, 1.58953]
/** For normal samples, the standard error of the median is that of the mean times sqrt(pi / 2). */
const MEDIAN_ERROR = 1.2533

/**
 * Combines the summaries of several invocations into one measurement, since the tool does not print its
 * samples. The median is the median of the invocations' medians, or of their means if the tool prints no
 * medians. Its 95% interval follows from the spread between invocations, since memory placement and clock
 * rates differ more between processes than within one.
 *
 * @param summaries in ms, at least one
 */
export function combineSummaries(summaries: readonly Summary[]): LatencyStatistics {
  const count = sumOf(summaries.map((summary) => summary.count))
  const mean = sumOf(summaries.map((summary) => summary.count * summary.mean)) / count
  const variance =
    sumOf(summaries.map((one) => one.count * (one.std ** 2 + (one.mean - mean) ** 2))) / count
  const centers = summaries.map((summary) => summary.median ?? summary.mean)
  const center = median(centers)
  const reach = halfWidth(centers)
  return {
    median: center,
    ...(summaries.some((summary) => summary.median === undefined) && { median_is: 'mean' }),
    mean,
    std: Math.sqrt(variance),
    min: Math.min(...summaries.map((summary) => summary.min)),
    count,
    ...(reach !== undefined && { ci95: [Math.max(center - reach, 0), center + reach] }),
  }
}

/** With fewer invocations, agreement may be an accident. */
export const FEWEST = 3

/** Whether enough invocations agree to within the precision. */
export function isSettled(summaries: readonly Summary[], precision: number): boolean {
  const { median: center, ci95 } = combineSummaries(summaries)
  if (!ci95 || summaries.length < FEWEST) return false
  return ci95[1] - ci95[0] <= 2 * precision * center
}

/** Half-width of the median's 95% interval; `undefined` for a single value. */
function halfWidth(values: readonly number[]): number | undefined {
  const count = values.length
  if (count < 2) return undefined
  const mean = sumOf(values) / count
  const variance = sumOf(values.map((value) => (value - mean) ** 2)) / (count - 1)
  return t95(count - 1) * MEDIAN_ERROR * Math.sqrt(variance / count)
}

/** Student's t, two-sided 95%, for this many degrees of freedom. */
function t95(freedom: number): number {
  return T95[freedom - 1] ?? sumOf(T95_TERMS.map((term, power) => term / freedom ** power))
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
