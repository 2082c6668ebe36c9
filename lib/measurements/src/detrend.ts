import { chooseTrend, WORTH, type ChosenTrend } from './choose-trend.js'
import { corrected, type Corrected } from './corrected.js'
import { visitNoise, type VisitNoise } from './intervals.js'
import {
  acrossUnits,
  areTied,
  centerUnits,
  correctedInPool,
  spreadOf,
  unitStarts,
  type Pool,
} from './pool.js'
import { noiseOfVisits } from './repeatability.js'
import { segmentsOf } from './segments.js'
import type { Series } from './trend.js'

/** One sitting at one network. */
export interface Visit {
  readonly network: string
  /** In any unit. */
  readonly time: number
  readonly latency_ms: number
  /** Which of several units of the device, such as phones of one model, it was on. */
  readonly unit?: string
}

export interface Detrended {
  readonly networks: ReadonlyMap<string, Corrected>
  /** For each visit, in the order given: the factor that takes the trend away. */
  readonly factors: readonly number[]
  /**
   * For each visit, in the order given: how far it is from the mean of its network without the trend, log, if the
   * trend has not seen the network.
   */
  readonly residuals: readonly number[]
  /** Largest over smallest factor of the trend, less 1; 0 without a trend. */
  readonly drift: number
  /** Steps of the device's clock: change points and pauses after which the level is another. */
  readonly clockSteps: number
  /** Relative deviation of one visit without the trend. Absent if too few networks have two. */
  readonly noise?: number
  /** How the units of the device compare; absent if there is one. */
  readonly pool?: Pool
}

/** The trends of all segments, in the order of time. */
type JoinedTrend = Pick<ChosenTrend, 'values' | 'weights' | 'unseen' | 'freedom'> &
  Pick<Detrended, 'drift' | 'clockSteps'>

/**
 * Takes the device's drift out of visits: log latency = network + trend(time). All visits must be of one device
 * and backend. Stretches of time that have no network in common are taken to be at one level.
 *
 * Units of one device have a level and a trend each: log latency = network + unit + trend of the unit(time).
 *
 * @param worth by which share a trend must make the visits of networks that it has not seen agree better than without
 */
export function detrend(visits: readonly Visit[], worth = WORTH): Detrended {
  const names = [...new Set(visits.map(unitOf))].sort()
  const order = [...visits.keys()].sort((a, b) => before(visits[a], visits[b]))
  const places = new Map<string, number[]>()
  order.forEach((visit, i) => {
    const { network } = visits[visit]
    const known = places.get(network)
    if (known) known.push(i)
    else places.set(network, [i])
  })
  const series = seriesOf(visits, order, [...places.keys()], names)
  const trend = joinedTrend(series, worth)
  const differences = differencesOf(places, series, trend)
  const noise = visitNoise(differences)
  const inflation = inflationOf(places, trend.freedom)
  const pool = names.length > 1 ? poolOf(series, names, trend, noise) : undefined
  const networks = new Map<string, Corrected>()
  for (const [network, own] of places) {
    const found = pool
      ? correctedInPool(series, trend, own, noise, inflation, pool)
      : corrected(series, trend, own, noise, inflation)
    networks.set(network, found)
  }
  const factors = visits.map(() => 1)
  const residuals = visits.map(() => 0)
  order.forEach((visit, i) => {
    factors[visit] = Math.exp(-trend.values[i])
    residuals[visit] = trend.unseen[i]
  })
  const { drift, clockSteps } = trend
  const deviation = noiseOfVisits(differences)
  const known = deviation === undefined ? {} : { noise: deviation }
  return { networks, factors, residuals, drift, clockSteps, ...known, ...(pool && { pool }) }
}

/** By unit and time; visits at one time in an order that does not depend on that of the input. */
function before(a: Visit, b: Visit): number {
  const [unit, other] = [unitOf(a), unitOf(b)]
  if (unit !== other) return unit < other ? -1 : 1
  if (a.time !== b.time) return a.time - b.time
  if (a.network !== b.network) return a.network < b.network ? -1 : 1
  return a.latency_ms - b.latency_ms
}

function unitOf({ unit = '' }: Visit): string {
  return unit
}

/** The visits of each unit follow those of the last, as if they had been later. */
function seriesOf(
  visits: readonly Visit[],
  order: readonly number[],
  names: readonly string[],
  unitNames: readonly string[],
): Series {
  const index = new Map(names.map((name, i) => [name, i]))
  const units = Int32Array.from(order, (i) => unitNames.indexOf(unitOf(visits[i])))
  const times = new Float64Array(order.length)
  let [base, start] = [0, 0]
  order.forEach((visit, i) => {
    if (i === 0 || units[i] !== units[i - 1]) {
      base = times[i - 1] ?? 0
      start = visits[visit].time
    }
    times[i] = base + (visits[visit].time - start)
  })
  return {
    networks: Int32Array.from(order, (i) => index.get(visits[i].network) ?? 0),
    times,
    logs: Float64Array.from(order, (i) => Math.log(visits[i].latency_ms)),
    units,
    networkCount: names.length,
  }
}

/** The trend of each segment on its own. */
function joinedTrend(series: Series, worth: number): JoinedTrend {
  const count = series.logs.length
  const joined = {
    values: new Float64Array(count),
    weights: new Float64Array(count),
    unseen: new Float64Array(count),
  }
  let [freedom, drift, clockSteps] = [0, 0, 0]
  for (const places of segmentsOf(series)) {
    const part = partOf(series, places)
    const trend = chooseTrend(part, worth)
    for (const member of ['values', 'weights', 'unseen'] as const) {
      places.forEach((place, i) => (joined[member][place] = trend[member][i]))
    }
    freedom += trend.freedom
    const starts = unitStarts(part)
    starts.forEach((start, unit) => {
      const own = trend.values.slice(start, starts[unit + 1])
      drift = Math.max(drift, Math.expm1(maxOf(own) - minOf(own)))
    })
    clockSteps += (trend.shape?.starts.length ?? starts.length) - starts.length
  }
  return { ...joined, freedom, drift, clockSteps }
}

function partOf(
  { networks, times, logs, units, networkCount }: Series,
  places: readonly number[],
): Series {
  return {
    networks: Int32Array.from(places, (i) => networks[i]),
    times: Float64Array.from(places, (i) => times[i]),
    logs: Float64Array.from(places, (i) => logs[i]),
    units: Int32Array.from(places, (i) => units[i]),
    networkCount,
  }
}

/** How the units compare; their mean is the level of the pool from then on. */
function poolOf(
  series: Series,
  names: readonly string[],
  { values }: JoinedTrend,
  noise: VisitNoise,
): Pool {
  if (segmentsOf(series).length > 1 || !areTied(series)) return {}
  const levels = centerUnits(series, values)
  return {
    levels: new Map(names.map((name, unit) => [name, Math.exp(levels[unit])])),
    spread: spreadOf(series, levels, noise),
  }
}

/** The difference of the first two visits of each network that has them, as the trend has not seen it. */
function differencesOf(
  places: ReadonlyMap<string, readonly number[]>,
  series: Series,
  { unseen }: JoinedTrend,
): number[] {
  const repeated = [...places.values()].filter(({ length }) => length > 1)
  return repeated.map((at) => {
    const [a, b] = acrossUnits(series, at)
    return unseen[a] - unseen[b]
  })
}

/** The fit of the trend takes as many degrees of freedom from the differences between visits. */
function inflationOf(places: ReadonlyMap<string, readonly number[]>, freedom: number): number {
  let left = 0
  for (const { length } of places.values()) left += length - 1
  return left ? Math.sqrt(left / Math.max(left - freedom, left / 4)) : 1
}

function maxOf(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity)
}

function minOf(values: Float64Array): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity)
}
