import { median } from './linear-algebra.js'
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
  const byId = new Map<string, number[]>()
  for (const { id, latency_ms } of samples) {
    const known = byId.get(id)
    if (known) known.push(latency_ms)
    else byId.set(id, [latency_ms])
  }
  const repeated = [...byId]
    .filter(([, all]) => all.length > 1)
    .map(([id, all]) => ({
      id,
      count: all.length,
      min_ms: Math.min(...all),
      max_ms: Math.max(...all),
    }))
  if (!repeated.length) return []
  const bound = Math.max(FACTOR, TIMES * median(repeated.map(spreadOf)))
  return repeated.filter((network) => spreadOf(network) > bound)
}

function spreadOf({ min_ms, max_ms }: Quarrel): number {
  return Math.log(max_ms / min_ms)
}
