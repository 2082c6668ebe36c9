import type { KernelWork } from '@leti/records'
import { nonNegative } from '../non-negative.js'
import { groupOf, TERMS, termsOf, type Group } from './terms.js'

/** A network's kernels and how long it took. */
export interface KernelSample {
  readonly kernels: readonly KernelWork[]
  readonly latency_ms: number
}

/** What kernels cost, as sums of terms. */
export interface Costs {
  /** What a call costs, whatever the network. */
  readonly overhead_ms: number
  /** Of each group the ms of one of each of `TERMS`. */
  readonly groups: ReadonlyMap<Group, readonly number[]>
}

/** Holds the weights of terms that say the same to nearly the same. */
const PENALTY = 1e-6

/** Errors below this part of the latency are never doubtful. */
const FLOOR = 0.02

/**
 * The costs that explain the latencies of networks best: robust non-negative least squares on relative
 * errors, over all groups together.
 */
export function solveCosts(samples: readonly KernelSample[]): Costs {
  const places = new Map<Group, number>()
  for (const { kernels } of samples) {
    for (const kernel of kernels) {
      const group = groupOf(kernel)
      if (!places.has(group)) places.set(group, 1 + TERMS.length * places.size)
    }
  }
  const width = 1 + TERMS.length * places.size
  const rows = new Float64Array(samples.length * width)
  samples.forEach(({ kernels }, row) => {
    rows[row * width] = 1
    for (const kernel of kernels) {
      const at = row * width + (places.get(groupOf(kernel)) as number)
      termsOf(kernel).forEach((value, term) => (rows[at + term] += kernel.count * value))
    }
  })
  const targets = Float64Array.from(samples, ({ latency_ms }) => latency_ms)
  const scales = scaleColumns(rows, width, targets)
  const penalties = new Float64Array(width).fill(PENALTY)
  const problem = { rows, width, targets, units: targets }
  const weights = nonNegative(problem, penalties, FLOOR).map((weight, i) => weight / scales[i])
  const groups = new Map(
    [...places].map(([group, at]) => [group, [...weights.slice(at, at + TERMS.length)]] as const),
  )
  return { overhead_ms: weights[0], groups }
}

/** Divides each column by its size relative to the targets, which it returns. */
function scaleColumns(rows: Float64Array, width: number, targets: Float64Array): Float64Array {
  const scales = new Float64Array(width)
  targets.forEach((target, row) => {
    for (let i = 0; i < width; i++) scales[i] += (rows[row * width + i] / target) ** 2
  })
  for (let i = 0; i < width; i++) scales[i] = Math.sqrt(scales[i] / targets.length) || 1
  for (let i = 0; i < rows.length; i++) rows[i] /= scales[i % width]
  return scales
}

/** What one kernel costs, in ms; `undefined` where its group was never measured. */
export function costOf(costs: Costs, kernel: KernelWork): number | undefined {
  const weights = costs.groups.get(groupOf(kernel))
  if (!weights) return undefined
  return termsOf(kernel).reduce((sum, value, term) => sum + value * weights[term], 0)
}
