import { LetiError } from '@leti/records'
import { shortNumber, type Reach } from './limits/index.js'

/** @throws {LetiError} `out-of-domain` if no latency was predicted */
export function positive(latency_ms: number): number {
  if (latency_ms > 0 && latency_ms < Infinity) return latency_ms
  const found = Number.isFinite(latency_ms) ? 'not above 0' : 'not a number'
  const message = `the predicted latency is ${found}: the network is too unlike the training set`
  throw new LetiError('out-of-domain', message)
}

/** Empty if nothing is known of its width. */
export function intervalOf(latency_ms: number, reach: Reach | undefined, coverage: number) {
  if (reach === undefined) return {}
  const high_ms = latency_ms * (1 + reach.above)
  return high_ms < Infinity
    ? { low_ms: Math.max(0, latency_ms * (1 - reach.below)), high_ms, coverage }
    : {}
}

/**
 * The prediction, raised to the least time that the machine can need if the interval reaches that far.
 *
 * @throws {LetiError} `out-of-domain` if even the interval is below it
 */
export function raised(latency_ms: number, high_ms: number | undefined, least_ms: number): number {
  if (least_ms <= latency_ms) return latency_ms
  if (high_ms !== undefined && least_ms <= high_ms) return least_ms
  throw new LetiError(
    'out-of-domain',
    `the predicted latency is ${shortNumber(latency_ms)} ms, but at twice the fastest measured rate the ` +
      `network takes ${shortNumber(least_ms)} ms: it is too unlike the training set`,
  )
}
