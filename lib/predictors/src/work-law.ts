import { MACS } from '@leti/records'
import { evenly } from './evenly.js'
import { median } from './linear-algebra.js'
import type { Sample } from './sample.js'

/** Most samples for the slope: it takes all pairs. */
const MOST = 300

/** A power law: the latency by the MACs, both as logarithms. */
export interface WorkLaw {
  readonly slope: number
  /** The logarithm of each sample's MACs. */
  readonly work: readonly number[]
  /** The logarithm of each latency over what the law gives for its MACs. */
  readonly residuals: readonly number[]
}

/**
 * Fits the latency by the MACs, of which up to half of the samples may be wrong (repeated medians: Siegel,
 * "Robust regression using repeated medians", 1982).
 */
export function workLawOf(samples: readonly Sample[]): WorkLaw {
  const work = samples.map(({ features }) => Math.log(Math.max(1, features[MACS])))
  const logs = samples.map(({ latency_ms }) => Math.log(latency_ms))
  // Twice the work takes no less time, and no more than twice.
  const slope = Math.min(1, Math.max(0, slopeOf(work, logs)))
  const rest = logs.map((log, i) => log - slope * work[i])
  const level = median(rest)
  return { slope, work, residuals: rest.map((value) => value - level) }
}

function slopeOf(x: readonly number[], y: readonly number[]): number {
  const some = evenly([...x.keys()], MOST)
  const slopes = some.flatMap((i) => {
    const others = some.filter((j) => Math.abs(x[j] - x[i]) > 1e-6)
    return others.length ? [median(others.map((j) => (y[j] - y[i]) / (x[j] - x[i])))] : []
  })
  return slopes.length ? median(slopes) : 0
}
