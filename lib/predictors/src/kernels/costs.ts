import type { KernelWork } from '@leti/records'
import { nonNegative } from '../non-negative.js'
import {
  ALL,
  LAUNCH,
  scaleColumns,
  termSums,
  typicalCosts,
  type TermSums,
} from './typical-costs.js'
import { familyOf, groupOf, TERMS, termsOf, type Family, type Group } from './terms.js'

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

/** The error of a measurement, as a part of it, that is expected, and below which none is doubtful. */
const NOISE = 0.05
const FLOOR = 0.02

/**
 * How many times what is typical a cost may be before that needs proof: what a family has in common,
 * and what a group has beyond it, so that groups of which little was measured cost what others do.
 */
const SHARED_RANGE = 10
const OWN_RANGE = 2

/** A column of the regression: a term of all kernels, of those of a family, or of those of a group. */
interface Column {
  readonly of: string
  readonly term: number
  readonly family: Family
  readonly isShared: boolean
}

/**
 * The costs that explain the latencies of networks best: robust non-negative least squares on relative
 * errors, over all groups together.
 */
export function solveCosts(samples: readonly KernelSample[]): Costs {
  const targets = Float64Array.from(samples, ({ latency_ms }) => latency_ms)
  const sums = samples.map(({ kernels }) => termSums(kernels))
  const families = new Map(
    samples.flatMap(({ kernels }) => kernels.map((kernel) => [groupOf(kernel), familyOf(kernel)])),
  )
  const columns = columnsOf(sums, families)
  const width = 1 + columns.length
  const rows = new Float64Array(samples.length * width)
  sums.forEach((own, row) => {
    rows[row * width] = 1
    columns.forEach(({ of, term }, i) => (rows[row * width + i + 1] = own.get(of)?.[term] ?? 0))
  })
  const scales = scaleColumns(rows, width, targets)
  const typical = typicalCosts(sums, targets)
  const penalties = columns.map(({ term, family, isShared }, i) => {
    const range = (isShared ? SHARED_RANGE : OWN_RANGE) * typical(family, term) * scales[i + 1]
    return (NOISE / range) ** 2 / samples.length
  })
  const problem = { rows, width, targets, units: targets }
  const weights = nonNegative(problem, Float64Array.from([0, ...penalties]), FLOOR)
  const found = new Map(
    columns.map(({ of, term }, i) => [`${of} ${term}`, weights[i + 1] / scales[i + 1]]),
  )
  const groups = new Map(
    [...families].map(([group, family]) => {
      const cost = (term: number): number =>
        [group, family, ALL].reduce((sum, of) => sum + (found.get(`${of} ${term}`) ?? 0), 0)
      return [group, [...TERMS.keys()].map(cost)]
    }),
  )
  return { overhead_ms: weights[0] / scales[0], groups }
}

/** What one kernel costs, in ms; `undefined` where its group was never measured. */
export function costOf(costs: Costs, kernel: KernelWork): number | undefined {
  const weights = costs.groups.get(groupOf(kernel))
  if (!weights) return undefined
  return termsOf(kernel).reduce((sum, value, term) => sum + value * weights[term], 0)
}

/** The terms that are anything at all; launches are common to all families. */
function columnsOf(sums: readonly TermSums[], families: ReadonlyMap<Group, Family>): Column[] {
  const all = [...families].sort(([a], [b]) => (a < b ? -1 : 1))
  const columns: Column[] = [{ of: ALL, term: LAUNCH, family: all[0][1], isShared: true }]
  const add = (of: string, family: Family, isShared: boolean): void => {
    for (const term of TERMS.keys()) {
      if (isShared && term === LAUNCH) continue
      if (sums.some((own) => own.get(of)?.[term])) columns.push({ of, term, family, isShared })
    }
  }
  for (const family of new Set(families.values())) add(family, family, true)
  for (const [group, family] of all) add(group, family, false)
  return columns
}
