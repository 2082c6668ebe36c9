import { intervalOfMany, reachOfTwo, type VisitNoise } from './intervals.js'
import { medianOf } from './order-statistics.js'
import type { Series } from './trend.js'

/** A network's latency without the trend, from all its visits. */
export interface Corrected {
  readonly latency_ms: number
  /** 95% interval; absent with one visit. */
  readonly ci95?: [number, number]
  /** How many visits are so far from the fit that they do not shape the trend. */
  readonly outliers: number
}

/** What of a fitted trend a network's latency needs, for each visit. */
export interface Fit {
  readonly values: Float64Array
  readonly weights: Float64Array
  /** What is left without network and trend, log, if the trend has not seen the network. */
  readonly unseen: Float64Array
}

/** @param at places of the network's visits */
export function corrected(
  { logs }: Series,
  { values, weights, unseen }: Fit,
  at: readonly number[],
  noise: VisitNoise,
  inflation: number,
): Corrected {
  const own = at.map((i) => logs[i] - values[i])
  const middle = medianOf(own)
  const rest = {
    latency_ms: Math.exp(middle),
    outliers: at.length > 1 ? at.filter((i) => weights[i] === 0).length : 0,
  }
  if (at.length === 1) return rest
  if (at.length > 2) {
    const [low, high] = intervalOfMany(own, inflation)
    return { ...rest, ci95: [Math.exp(low), Math.exp(high)] }
  }
  const reach = reachOfTwo(unseen[at[0]] - unseen[at[1]], noise)
  return { ...rest, ci95: [Math.exp(middle - reach), Math.exp(middle + reach)] }
}
