/** Visits of a network on several units of one device, such as phones of one model. */
import type { Corrected, Fit } from './corrected.js'
import { intervalOfMany, reachOfOne, reachOfTwo, type VisitNoise } from './intervals.js'
import { medianOf } from './order-statistics.js'
import { studentBound } from './student.js'
import type { Series } from './trend.js'

/** How the units of a pool compare. Both are absent if their networks do not tie all visits together. */
export interface Pool {
  /** How much slower than the mean of the pool each unit is, as a factor. */
  readonly levels?: ReadonlyMap<string, number>
  /** From the mean of the pool to its fastest and its slowest unit, with the uncertainty of their levels, log. */
  readonly spread?: readonly [number, number]
}

/** Where the visits of each unit begin; `[0]` for those of one. */
export function unitStarts({ units }: Pick<Series, 'units'>): number[] {
  return [...units.keys()].filter((i) => i === 0 || units[i] !== units[i - 1])
}

/** Whether each unit shares networks with others so that all can be compared. */
export function areTied({ units, networks }: Series): boolean {
  const groups = new Map<number, number>()
  const firstOf = new Map<number, number>()
  const rootOf = (unit: number): number => {
    const parent = groups.get(unit) ?? unit
    return parent === unit ? unit : rootOf(parent)
  }
  networks.forEach((network, i) => {
    const first = firstOf.get(network)
    if (first === undefined) firstOf.set(network, units[i])
    else groups.set(rootOf(units[i]), rootOf(first))
  })
  return new Set([...units].map(rootOf)).size === 1
}

/** Shifts a trend so that the mean of the pool is 0. Returns the level of each unit, log. */
export function centerUnits({ units }: Series, values: Float64Array): number[] {
  const count = Math.max(...units) + 1
  const own = Array.from({ length: count }, (_, unit) => values.filter((_, i) => units[i] === unit))
  const levels = own.map((some) => some.reduce((sum, value) => sum + value, 0) / some.length)
  const center = levels.reduce((sum, level) => sum + level, 0) / count
  values.forEach((value, i) => (values[i] = value - center))
  return levels.map((level) => level - center)
}

/** @param levels of the units, log, with mean 0 */
export function spreadOf(
  series: Series,
  levels: readonly number[],
  { scale }: VisitNoise,
): [number, number] {
  const tied = tiedVisits(series)
  const errors = levels.map((_, unit) => {
    const count = tied[unit]
    // The level is the difference from other units, which have an error too.
    return studentBound(0.05, Math.max(count - 1, 1)) * scale * Math.sqrt(2 / count)
  })
  return [
    Math.min(...levels.map((level, unit) => level - errors[unit])),
    Math.max(...levels.map((level, unit) => level + errors[unit])),
  ]
}

/** Number of visits of each unit to networks that another unit visited too. */
function tiedVisits({ units, networks }: Series): number[] {
  const unitsOf = new Map<number, Set<number>>()
  networks.forEach((network, i) => {
    unitsOf.set(network, (unitsOf.get(network) ?? new Set()).add(units[i]))
  })
  const counts = Array.from({ length: Math.max(...units) + 1 }, () => 0)
  networks.forEach((network, i) => {
    if ((unitsOf.get(network)?.size ?? 0) > 1) counts[units[i]]++
  })
  return counts
}

/** The first two visits of a network, on two units if it was on two. */
export function acrossUnits({ units }: Series, at: readonly number[]): [number, number] {
  const other = at.find((i) => units[i] !== units[at[0]])
  return [at[0], other ?? at[1]]
}

/**
 * The latency of a network on the mean of the pool, with an interval that holds for each of its units. Visits on one
 * unit count once: what the unit does to this network is in all of them.
 *
 * @param at places of its visits
 */
export function correctedInPool(
  { logs, units }: Series,
  fit: Fit,
  at: readonly number[],
  noise: VisitNoise,
  inflation: number,
  { spread }: Pool,
): Corrected {
  const byUnit = [...new Set(at.map((i) => units[i]))].map((unit) =>
    at.filter((i) => units[i] === unit),
  )
  const middles = byUnit.map((places) => medianOf(places.map((i) => logs[i] - fit.values[i])))
  const middle = medianOf(middles)
  const rest = {
    latency_ms: Math.exp(middle),
    outliers: at.length > 1 ? at.filter((i) => fit.weights[i] === 0).length : 0,
  }
  if (!spread) return rest
  const [low, high] = boundsOf(middles, byUnit, fit, noise, inflation)
  return { ...rest, ci95: [Math.exp(low + spread[0]), Math.exp(high + spread[1])] }
}

function boundsOf(
  middles: readonly number[],
  byUnit: readonly (readonly number[])[],
  { unseen }: Fit,
  noise: VisitNoise,
  inflation: number,
): [number, number] {
  if (byUnit.length > 2) return intervalOfMany(middles, inflation)
  const middle = medianOf(middles)
  const means = byUnit.map((places) => medianOf(places.map((i) => unseen[i])))
  const apart = byUnit[0].map((i) => Math.abs(unseen[i] - means[0]))
  const reach =
    byUnit.length === 2
      ? reachOfTwo(means[0] - means[1], noise)
      : Math.max(reachOfOne(noise), ...apart)
  return [middle - reach, middle + reach]
}
