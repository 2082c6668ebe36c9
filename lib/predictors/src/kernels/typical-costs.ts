import type { KernelWork } from '@leti/records'
import { nonNegative } from '../non-negative.js'
import {
  COST_FAMILIES,
  familyOf,
  groupOf,
  COST_TERMS,
  costTermsOf,
  type CostFamily,
} from './terms.js'

/** Cost terms summed over kernels of a network: by group, by family, and over all. */
export type TermSums = ReadonlyMap<string, readonly number[]>

export const ALL = 'all'
export const LAUNCH = COST_TERMS.indexOf('launch')

/** Sums the cost terms of a network's kernels. */
export function termSums(kernels: readonly KernelWork[]): TermSums {
  const sums = new Map<string, number[]>()
  for (const kernel of kernels) {
    const terms = costTermsOf(kernel)
    for (const of of [groupOf(kernel), familyOf(kernel), ALL]) {
      const own = sums.get(of) ?? new Array<number>(COST_TERMS.length).fill(0)
      terms.forEach((value, term) => (own[term] += kernel.count * value))
      sums.set(of, own)
    }
  }
  return sums
}

/** For each term, its unit: 0 launches, 1 pieces, 2 operations, 3 bytes. */
const UNITS = COST_TERMS.map((term) => {
  // A runtime may launch groups one by one.
  if (term === 'launch' || term === 'groups') return 0
  if (term === 'pieces') return 1
  return term.endsWith('_bytes') ? 3 : 2
})
const UNIT_COUNT = 4

const PENALTY = 1e-4

/**
 * Fits the cost of a launch, and of 1e6 pieces, operations and bytes, for each family: few parameters, which
 * any set of measurements determines. A cost that is 0 becomes the largest of the other families.
 *
 * @param targets latencies in ms
 * @returns the typical cost of a term (an index of `COST_TERMS`) in a family, ms
 */
export function typicalCosts(sums: readonly TermSums[], targets: Float64Array) {
  const width = 2 + COST_FAMILIES.length * UNIT_COUNT
  const at = (family: CostFamily, unit: number): number =>
    unit === UNITS[LAUNCH] ? 1 : 2 + COST_FAMILIES.indexOf(family) * UNIT_COUNT + unit
  const rows = new Float64Array(sums.length * width)
  sums.forEach((own, row) => {
    rows[row * width] = 1
    for (const family of COST_FAMILIES) {
      own.get(family)?.forEach((value, term) => {
        rows[row * width + at(family, UNITS[term])] += value
      })
    }
  })
  const scales = scaleColumns(rows, width, targets)
  const penalties = new Float64Array(width).fill(PENALTY)
  const problem = { rows, width, targets, units: targets }
  const weights = nonNegative(problem, penalties).map((weight, i) => weight / scales[i])
  const largest = (unit: number): number =>
    Math.max(...COST_FAMILIES.map((family) => weights[at(family, unit)]))
  return (family: CostFamily, term: number): number =>
    weights[at(family, UNITS[term])] || largest(UNITS[term]) || SMALLEST
}

/** Least typical cost in ms, so that a cost of 0 has a prior scale. */
const SMALLEST = 1e-3

/** Divides each column, in place, by its root mean square relative to the targets. Returns the divisors. */
export function scaleColumns(
  rows: Float64Array,
  width: number,
  targets: Float64Array,
): Float64Array {
  const scales = new Float64Array(width)
  targets.forEach((target, row) => {
    for (let i = 0; i < width; i++) scales[i] += (rows[row * width + i] / target) ** 2
  })
  for (let i = 0; i < width; i++) scales[i] = Math.sqrt(scales[i] / targets.length) || 1
  for (let i = 0; i < rows.length; i++) rows[i] /= scales[i % width]
  return scales
}
