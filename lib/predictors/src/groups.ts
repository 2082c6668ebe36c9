import { withAllFeatures } from './all-features.js'
import { neighborsOf } from './neighbors.js'
import { median } from './linear-algebra.js'
import { workLawOf } from './work-law.js'
import { robustScale } from './robust.js'
import type { Sample } from './sample.js'

/** Two sets of measurements that nothing in the networks tells apart. */
export interface TwoGroups {
  readonly slow: readonly Sample[]
  readonly fast: readonly Sample[]
  /** How many times longer the latencies of the slow ones are, for the same work. */
  readonly factor: number
}

/** Least part of the samples in a group: fewer are single outliers. */
const MIN_SHARE = 0.1

/** The groups are apart by this factor, and by this many of their own standard deviations. */
const GAP = Math.log(2)
const DEVIATIONS = 3

/**
 * Part of the neighbors in the other group, compared with what chance alone would give. It is near 0 if the
 * networks differ, such as large ones and small ones.
 */
const MINGLED = 0.5

/** Whether the latencies for the work fall into two groups that are mingled among similar networks. */
export function twoGroupsOf(samples: readonly Sample[]): TwoGroups | undefined {
  const values = workLawOf(samples).residuals
  const order = [...values.keys()].sort((a, b) => values[a] - values[b])
  const split = widestGap(order.map((index) => values[index]))
  if (split === undefined) return undefined
  const [fast, slow] = [order.slice(0, split), order.slice(split)]
  const centers = [fast, slow].map((group) => median(group.map((index) => values[index])))
  const spreads = [fast, slow].map((group, i) =>
    robustScale(group.map((index) => values[index] - centers[i])),
  )
  const gap = values[slow[0]] - values[fast[fast.length - 1]]
  if (gap < Math.max(GAP, DEVIATIONS * Math.max(...spreads)) || !areMingled(samples, fast)) {
    return undefined
  }
  const samplesOf = (group: readonly number[]) =>
    group.toSorted((a, b) => a - b).map((index) => samples[index])
  return {
    slow: samplesOf(slow),
    fast: samplesOf(fast),
    factor: Math.exp(centers[1] - centers[0]),
  }
}

/** How many values lie below the widest gap that leaves enough of them on both sides. */
function widestGap(sorted: readonly number[]): number | undefined {
  const least = Math.max(2, Math.ceil(MIN_SHARE * sorted.length))
  let widest: number | undefined
  let width = 0
  for (let i = least; i <= sorted.length - least; i++) {
    if (sorted[i] - sorted[i - 1] <= width) continue
    width = sorted[i] - sorted[i - 1]
    widest = i
  }
  return widest
}

function areMingled(samples: readonly Sample[], group: readonly number[]): boolean {
  const members = new Set(group)
  const crossing = neighborsOf(withAllFeatures(samples)).map((near, index) => {
    const others = near.filter((other) => members.has(other) !== members.has(index))
    return others.length / near.length
  })
  const share = group.length / samples.length
  const mean = crossing.reduce((sum, part) => sum + part, 0) / crossing.length
  return mean > MINGLED * 2 * share * (1 - share)
}
