import { detrend } from '@leti/measurements'
import type { Sitting } from './gather.js'

/** The sittings with their quickest run as latency, of those that state it. */
export function byQuickestRun(sittings: readonly Sitting[]): Sitting[] {
  return sittings.flatMap((visit) => {
    const { min } = visit.latency
    return min !== undefined && min > 0 ? [{ ...visit, latency_ms: min }] : []
  })
}

/**
 * The quickest run of each network, ms, without the trend of the quickest runs. Others who use the machine make a run
 * slower, never faster: the least of the visits is the least disturbed.
 */
export function quickestRuns(sittings: readonly Sitting[]): ReadonlyMap<string, number> {
  const visits = byQuickestRun(sittings)
  const { factors } = detrend(visits)
  const quickest = new Map<string, number>()
  visits.forEach(({ network, latency_ms }, i) => {
    const known = quickest.get(network) ?? Infinity
    quickest.set(network, Math.min(known, latency_ms * factors[i]))
  })
  return quickest
}
