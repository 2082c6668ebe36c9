import type { KernelWork } from '@leti/records'
import { nonNegative } from '../non-negative.js'
import { FAMILIES, familyOf, groupOf, TERMS, termsOf, type Family } from './terms.js'

/** The terms of all kernels of a network, by what they are sums of: a group, a family, or all. */
export type TermSums = ReadonlyMap<string, readonly number[]>

export const ALL = 'all'
export const LAUNCH = TERMS.indexOf('launch')

export function termSums(kernels: readonly KernelWork[]): TermSums {
  const sums = new Map<string, number[]>()
  for (const kernel of kernels) {
    const terms = termsOf(kernel)
    for (const of of [groupOf(kernel), familyOf(kernel), ALL]) {
      const own = sums.get(of) ?? new Array<number>(TERMS.length).fill(0)
      terms.forEach((value, term) => (own[term] += kernel.count * value))
      sums.set(of, own)
    }
  }
  return sums
}

/** Terms that count the same things: launches, pieces, operations, bytes. */
const UNITS = TERMS.map((term) => {
  // Groups may be launched one by one.
  if (term === 'launch' || term === 'groups') return 0
  if (term === 'pieces') return 1
  return term.endsWith('_bytes') ? 3 : 2
})
const UNIT_COUNT = 4

const PENALTY = 1e-4

/**
 * What one launch, 1e6 pieces, operations and bytes cost in each family: few numbers, which any set of
 * measurements tells. Where a family's tell nothing, the largest of the others.
 */
export function typicalCosts(sums: readonly TermSums[], targets: Float64Array) {
  const width = 2 + FAMILIES.length * UNIT_COUNT
  const at = (family: Family, unit: number): number =>
    unit === UNITS[LAUNCH] ? 1 : 2 + FAMILIES.indexOf(family) * UNIT_COUNT + unit
  const rows = new Float64Array(sums.length * width)
  sums.forEach((own, row) => {
    rows[row * width] = 1
    for (const family of FAMILIES) {
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
    Math.max(...FAMILIES.map((family) => weights[at(family, unit)]))
  return (family: Family, term: number): number =>
    weights[at(family, UNITS[term])] || largest(UNITS[term]) || SMALLEST
}

/** So that what was never paid for may cost something, in ms. */
const SMALLEST = 1e-3

/** Divides each column by its size relative to the targets, which it returns. */
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
