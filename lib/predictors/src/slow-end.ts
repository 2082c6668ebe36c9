import type { Schema, Static } from '@leti/records'
import { thinned } from './thinned.js'

export const SLOW_END = {
  type: 'object',
  description:
    'Errors from which the intervals of slow networks reach farther up. Absent in old files.',
  required: ['from_ms', 'errors'],
  properties: {
    from_ms: { type: 'number', description: 'The least predicted latency of these networks, ms.' },
    errors: {
      type: 'array',
      items: { type: 'number' },
      description:
        '(measured - predicted) / predicted, divided by the uncertainty, in ascending order; 0 for what was ' +
        'faster than predicted.',
    },
  },
} as const satisfies Schema

type SlowEnd = Static<typeof SLOW_END>

interface Scored {
  /** The predicted latency, ms. */
  readonly at: number
  /** The error relative to it, with its sign. */
  readonly signed: number
}

/** The part of the networks that are slow. */
const SLOW = 1 / 3

/**
 * The errors of slow networks. Latencies err upward: a network is slow by chance more often than it is fast by chance,
 * and the slowest ones gather these. A quantile of absolute errors would let more than its share of them miss.
 *
 * @param scored networks by predicted latency, ascending
 * @param enough with fewer slow networks, the errors are those of all
 */
export function slowEndOf(scored: readonly Scored[], enough: number): SlowEnd | undefined {
  if (!scored.length) return undefined
  const first = Math.floor((1 - SLOW) * scored.length)
  const own = scored.length - first >= enough ? scored.slice(first) : scored
  const errors = thinned(own.map(({ signed }) => Math.max(0, signed)))
  return { from_ms: scored[first].at, errors }
}

/** How far an interval reaches up so that as many networks lie above it as below; 0 if nothing is known. */
export function upwardReach(
  { from_ms, errors }: SlowEnd,
  latency_ms: number,
  coverage: number,
): number {
  if (latency_ms < from_ms) return 0
  const rank = Math.ceil((errors.length + 1) * (0.5 + coverage / 2))
  return errors[rank - 1] ?? 0
}
