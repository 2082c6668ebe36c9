import type { Detrended, Visit } from './detrend.js'

/** The least latency of each network among its visits, ms, without the trend. */
export function leastLatencies(
  visits: readonly Visit[],
  { factors }: Pick<Detrended, 'factors'>,
): Map<string, number> {
  const least = new Map<string, number>()
  visits.forEach(({ network, latency_ms }, i) => {
    const known = least.get(network) ?? Infinity
    least.set(network, Math.min(known, latency_ms * factors[i]))
  })
  return least
}
