import type { KernelWork } from '@leti/records'
import { activeSet } from '../active-set.js'
import { nonNegative } from '../non-negative.js'
import {
  ALL,
  LAUNCH,
  scaleColumns,
  termSums,
  typicalCosts,
  type TermSums,
} from './typical-costs.js'
import { familyOf, groupOf, COST_TERMS, costTermsOf, type CostFamily, type Group } from './terms.js'

/** A network's kernels and its measured latency. */
export interface KernelSample {
  readonly kernels: readonly KernelWork[]
  readonly latency_ms: number
}

/** The costs of kernels, as weights of cost terms. */
export interface Costs {
  /** The fixed cost of an inference. */
  readonly overhead_ms: number
  /** For each group, ms per unit of each of `COST_TERMS`. */
  readonly groups: ReadonlyMap<Group, readonly number[]>
}

/** The expected relative error of a measurement, and the error below which none is an outlier. */
const NOISE = 0.05
const FLOOR = 0.02

/**
 * Prior scale of a cost, relative to the typical cost: of the part that a cost family shares, and of the
 * part that a group has in addition. Groups with few measurements thus cost about as much as similar ones.
 */
const SHARED_RANGE = 10
const OWN_RANGE = 2

/** A column of the regression: a cost term, summed over all kernels, a family, or a group. */
interface Column {
  readonly of: string
  readonly term: number
  readonly family: CostFamily
  readonly isShared: boolean
}

/** Fits the costs of all groups together: robust non-negative least squares on relative errors. */
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
  const weights = nonNegative(problem, Float64Array.from([0, ...penalties]), FLOOR, activeSet)
  const found = new Map(
    columns.map(({ of, term }, i) => [`${of} ${term}`, weights[i + 1] / scales[i + 1]]),
  )
  const groups = new Map(
    [...families].map(([group, family]) => {
      const cost = (term: number): number =>
        [group, family, ALL].reduce((sum, of) => sum + (found.get(`${of} ${term}`) ?? 0), 0)
      return [group, [...COST_TERMS.keys()].map(cost)]
    }),
  )
  return { overhead_ms: weights[0] / scales[0], groups }
}

/** The cost of one kernel in ms; `undefined` if its group was never measured. */
export function costOf(costs: Costs, kernel: KernelWork): number | undefined {
  const weights = costs.groups.get(groupOf(kernel))
  if (!weights) return undefined
  return costTermsOf(kernel).reduce((sum, value, term) => sum + value * weights[term], 0)
}

/** The columns that are not 0 throughout. All families share the cost of a launch. */
function columnsOf(sums: readonly TermSums[], families: ReadonlyMap<Group, CostFamily>): Column[] {
  const all = [...families].sort(([a], [b]) => (a < b ? -1 : 1))
  const columns: Column[] = [{ of: ALL, term: LAUNCH, family: all[0][1], isShared: true }]
  const add = (of: string, family: CostFamily, isShared: boolean): void => {
    for (const term of COST_TERMS.keys()) {
      if (isShared && term === LAUNCH) continue
      if (sums.some((own) => own.get(of)?.[term])) columns.push({ of, term, family, isShared })
    }
  }
  for (const family of new Set(families.values())) add(family, family, true)
  for (const [group, family] of all) add(group, family, false)
  return columns
}
