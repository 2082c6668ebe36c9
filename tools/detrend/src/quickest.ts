import { detrend, leastLatencies, type Detrended } from '@leti/measurements'
import type { Sitting } from './gather.js'

/**
 * By which share a trend must make quickest runs agree better: the least of the visits is disturbed less than each, and
 * a trend that follows disturbances moves it. Chosen with `scripts/bench/drift.js --statistic min` in sight.
 */
const WORTH = 0.2

/** The sittings with their quickest run as latency, of those that state it. */
export function byQuickestRun(sittings: readonly Sitting[]): Sitting[] {
  return sittings.flatMap((visit) => {
    const { min } = visit.latency
    return min !== undefined && min > 0 ? [{ ...visit, latency_ms: min }] : []
  })
}

/** @param visits as `byQuickestRun` gives them */
export function trendOfQuickest(visits: readonly Sitting[]): Detrended {
  return detrend(visits, WORTH)
}

/** What is known of the quickest runs, without their trend. */
export interface QuickestRuns {
  /** Of each network, ms. */
  readonly latencies: ReadonlyMap<string, number>
  /** Relative deviation of that of one visit. Absent if too few networks have two. */
  readonly noise?: number
}

/** Others who use the machine make a run slower, never faster: the least of the visits is the least disturbed. */
export function quickestRuns(sittings: readonly Sitting[]): QuickestRuns {
  const visits = byQuickestRun(sittings)
  const trend = trendOfQuickest(visits)
  const { noise } = trend
  return { latencies: leastLatencies(visits, trend), ...(noise !== undefined && { noise }) }
}
