import { fitAdditive } from './additive/index.js'
import { evenly } from './evenly.js'
import { againstNeighbors, neighborsOf } from './neighbors.js'
import { byNetwork, networksOf } from './networks.js'
import { workLawOf, type WorkLaw } from './work-law.js'
import { robustScale } from './robust.js'
import type { Sample } from './sample.js'
import { withAllFeatures } from './all-features.js'

/**
 * A measurement is wrong if it is off by this factor and by this many standard deviations. Chosen with the
 * public tables in sight: true latencies of NAS-Bench-201 are up to 3.4 times off.
 */
const FACTOR = Math.log(3.5)
const DEVIATIONS = 8

/** The model of the others clears a sample that it predicts within this factor. */
const CLEARED = Math.log(2.5)

/** Largest part of the networks that can be wrong: more are a group of their own. */
const MAX_SHARE = 0.1

/** Most networks for the model of the others: it tells factors of 2.5, which more would not tell better. */
const MOST = 1000

/** By index, samples that the others contradict, with the latency that the others let expect, ms. */
export type Outliers = ReadonlyMap<number, number>

/**
 * Samples that both the most similar networks and a model of all others contradict: each alone is wrong about
 * a few networks that are unlike all others.
 */
export function outliersOf(samples: readonly Sample[]): Outliers {
  const all = withAllFeatures(samples)
  const suspects = unlikeNeighbors(all)
  const count = (some: readonly Sample[]) => byNetwork(some).length
  const suspected = count([...suspects.keys()].map((index) => all[index]))
  if (!suspected || suspected > Math.max(1, MAX_SHARE * count(all))) return new Map()
  const others = networksOf(all.filter((_, index) => !suspects.has(index)))
  const model = fitAdditive(evenly(others, MOST), { latencyScale: 'linear', seed: 0 })
  const judged = [...suspects].flatMap(([index, near]): [number, number][] => {
    const { features, latency_ms } = all[index]
    const far = model.estimate(features)
    // The model is linear: for a network unlike the others it may give a latency below 0.
    if (!(far > 0)) return [[index, near]]
    return Math.abs(Math.log(latency_ms / far)) > CLEARED ? [[index, far]] : []
  })
  return new Map(judged)
}

/** The samples whose latency for their work is far from that of the most similar networks. */
function unlikeNeighbors(samples: readonly Sample[]): Map<number, number> {
  const law = workLawOf(samples)
  const neighbors = neighborsOf(samples)
  const off = againstNeighbors(law.residuals, neighbors)
  const bound = Math.max(FACTOR, DEVIATIONS * robustScale(off))
  const found = samples.flatMap(({ latency_ms }, i): [number, number][] => {
    const size = Math.abs(off[i]) - doubtOf(law, i, neighbors[i], off[i] > 0)
    return size > bound ? [[i, latency_ms / Math.exp(off[i])]] : []
  })
  return new Map(found)
}

/**
 * How far the latency may be from the law beyond the work of all neighbors: with less work, it may fall with
 * any slope from 0 to 1; with more, it grows with at least half the slope of the law.
 */
function doubtOf(
  { work, slope }: WorkLaw,
  index: number,
  near: readonly number[],
  isSlow: boolean,
) {
  const known = near.map((other) => work[other])
  const above = Math.max(0, work[index] - Math.max(...known))
  const below = Math.max(0, Math.min(...known) - work[index])
  return isSlow ? above * (1 - slope) + below * slope : above * (slope / 2) + below * (1 - slope)
}
