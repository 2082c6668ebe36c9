import { MACS } from '@leti/records'
import type { Sample } from './sample.js'

/** A measurement is wrong if nothing within this factor of it was measured. */
const GAP = Math.log(10)

/** Largest part of the samples that can be wrong: more are a group of their own. */
const MAX_SHARE = 0.1

/**
 * Indices of samples that the others contradict: both the latency and the latency per MAC are far below all
 * others, or far above. A large network has a long latency, but not a long one per MAC; a network that is
 * all overhead has a long latency per MAC, but not a long one.
 */
export function outliersOf(samples: readonly Sample[]): ReadonlySet<number> {
  const logs = samples.map(({ latency_ms }) => Math.log(latency_ms))
  const perMac = samples.map(({ features }, i) => logs[i] - Math.log(Math.max(1, features[MACS])))
  const negated = (values: readonly number[]) => values.map((value) => -value)
  return new Set([
    ...common(isolatedBelow(logs), isolatedBelow(perMac)),
    ...common(isolatedBelow(negated(logs)), isolatedBelow(negated(perMac))),
  ])
}

function common(a: readonly number[], b: readonly number[]): number[] {
  return a.filter((index) => b.includes(index))
}

/** Indices of the few smallest values, if a gap separates them from all others. */
function isolatedBelow(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b])
  const gaps = order.slice(1).map((index, i) => values[index] - values[order[i]])
  const last = gaps
    .slice(0, Math.floor(MAX_SHARE * values.length))
    .findLastIndex((gap) => gap > GAP)
  return order.slice(0, last + 1)
}
