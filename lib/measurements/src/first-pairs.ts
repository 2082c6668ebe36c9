import type { Detrended, Visit } from './detrend.js'

type Two = readonly [first: number, second: number]

/** The latencies of the first two visits of a network, ms. */
export interface FirstPair {
  readonly network: string
  readonly measured: Two
  /** Without the trend, which has not seen the network: else the visits would agree too well. */
  readonly detrended: Two
}

interface Timed {
  readonly time: number
  readonly latency: number
  readonly corrected: number
}

/** A pair for each network with at least two visits, in the order of the input. */
export function firstPairs(visits: readonly Visit[], trend: Detrended): FirstPair[] {
  const byNetwork = new Map<string, Timed[]>()
  visits.forEach(({ network, time, latency_ms }, i) => {
    const level = trend.networks.get(network)?.latency_ms ?? latency_ms
    const corrected = level * Math.exp(trend.residuals[i])
    const visit = { time, latency: latency_ms, corrected }
    const known = byNetwork.get(network)
    if (known) known.push(visit)
    else byNetwork.set(network, [visit])
  })
  return [...byNetwork].flatMap(([network, own]) => {
    if (own.length < 2) return []
    const [a, b] = own.toSorted((one, other) => one.time - other.time)
    return {
      network,
      measured: [a.latency, b.latency],
      detrended: [a.corrected, b.corrected],
    } as const
  })
}
