import { spearman } from './ranks.js'
import { repeatability } from './repeatability.js'

/** How well two measurements of the same networks agree, in percent, as tools write it. */
export interface Agreement {
  /** How much slower the second was, median. */
  readonly bias_percent: number
  /** Of |difference| without the bias. */
  readonly median_difference_percent: number
  readonly p90_difference_percent: number
  /** Deviation of one measurement. */
  readonly noise_percent: number
  readonly mape_floor_percent: number
  /** Absent if all latencies of one of the two are equal. */
  readonly spearman_rho?: number
}

/**
 * @param first latencies, ms, at least one
 * @param second those of the same networks, in the same order
 */
export function agreement(first: readonly number[], second: readonly number[]): Agreement {
  const found = repeatability(first, second)
  const rho = spearman(first, second)
  return {
    bias_percent: 100 * Math.expm1(found.bias),
    median_difference_percent: 100 * Math.expm1(found.medianDifference),
    p90_difference_percent: 100 * Math.expm1(found.p90Difference),
    noise_percent: 100 * found.noise,
    mape_floor_percent: 100 * found.mapeFloor,
    ...(Number.isFinite(rho) && { spearman_rho: rho }),
  }
}

/** What the columns of a table of agreements are called. */
export const AGREEMENT_TITLES = ['bias', 'median', 'p90', 'noise', 'MAPE floor', 'rho'] as const

/** The cells of a table of agreements, one for each title. */
export function agreementCells(of: Agreement): string[] {
  return [
    ...[of.bias_percent, of.median_difference_percent, of.p90_difference_percent],
    ...[of.noise_percent, of.mape_floor_percent],
  ]
    .map((value) => `${value.toFixed(2)}%`)
    .concat(of.spearman_rho?.toFixed(4) ?? '-')
}
