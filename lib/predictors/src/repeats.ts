import { median } from './linear-algebra.js'
import { byNetwork } from './networks.js'
import type { Sample } from './sample.js'

/** Measurements of one network that contradict each other. */
export interface Quarrel {
  readonly id: string
  readonly count: number
  readonly min_ms: number
  readonly max_ms: number
}

/** Repeats differ by more than this factor, and by more than this many times what is usual. */
const FACTOR = Math.log(1.5)
const TIMES = 4

/** The networks whose measurements differ by more than the noise: which of them is wrong, nothing says. */
export function quarrelsOf(samples: readonly Sample[]): Quarrel[] {
  const repeated = byNetwork(samples)
    .filter(({ length }) => length > 1)
    .map((indices) => toQuarrel(indices.map((index) => samples[index])))
  if (!repeated.length) return []
  const bound = Math.max(FACTOR, TIMES * median(repeated.map(spreadOf)))
  return repeated.filter((network) => spreadOf(network) > bound)
}

function toQuarrel(all: readonly Sample[]): Quarrel {
  const latencies = all.map(({ latency_ms }) => latency_ms)
  return {
    id: all[0].id,
    count: all.length,
    min_ms: Math.min(...latencies),
    max_ms: Math.max(...latencies),
  }
}

function spreadOf({ min_ms, max_ms }: Quarrel): number {
  return Math.log(max_ms / min_ms)
}
