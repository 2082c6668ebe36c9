import { chooseTrend, type ChosenTrend } from './choose-trend.js'
import { intervalOfMany, reachOfTwo, visitNoise, type VisitNoise } from './intervals.js'
import { medianOf } from './order-statistics.js'
import { noiseOfVisits } from './repeatability.js'
import { segmentsOf } from './segments.js'
import type { Series } from './trend.js'

/** One sitting at one network. */
export interface Visit {
  readonly network: string
  /** In any unit. */
  readonly time: number
  readonly latency_ms: number
}

/** A network's latency without the trend, from all its visits. */
export interface Corrected {
  readonly latency_ms: number
  /** 95% interval; absent with one visit. */
  readonly ci95?: [number, number]
  /** How many visits are so far from the fit that they do not shape the trend. */
  readonly outliers: number
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
}

/** The trends of all segments, in the order of time. */
type JoinedTrend = Pick<ChosenTrend, 'values' | 'weights' | 'unseen' | 'freedom'> &
  Pick<Detrended, 'drift' | 'clockSteps'>

/**
 * Takes the device's drift out of visits: log latency = network + trend(time). All visits must be of one device
 * and backend. Stretches of time that have no network in common are taken to be at one level.
 */
export function detrend(visits: readonly Visit[]): Detrended {
  const order = [...visits.keys()].sort((a, b) => before(visits[a], visits[b]))
  const places = new Map<string, number[]>()
  order.forEach((visit, i) => {
    const { network } = visits[visit]
    const known = places.get(network)
    if (known) known.push(i)
    else places.set(network, [i])
  })
  const series = seriesOf(visits, order, [...places.keys()])
  const trend = joinedTrend(series)
  const differences = differencesOf(places, trend)
  const noise = visitNoise(differences)
  const inflation = inflationOf(places, trend.freedom)
  const networks = new Map<string, Corrected>()
  for (const [network, own] of places) {
    networks.set(network, corrected(series, trend, own, noise, inflation))
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
  return { networks, factors, residuals, drift, clockSteps, ...known }
}

/** By time; visits at one time in an order that does not depend on that of the input. */
function before(a: Visit, b: Visit): number {
  if (a.time !== b.time) return a.time - b.time
  if (a.network !== b.network) return a.network < b.network ? -1 : 1
  return a.latency_ms - b.latency_ms
}

function seriesOf(visits: readonly Visit[], order: readonly number[], names: string[]): Series {
  const index = new Map(names.map((name, i) => [name, i]))
  return {
    networks: Int32Array.from(order, (i) => index.get(visits[i].network) ?? 0),
    times: Float64Array.from(order, (i) => visits[i].time - visits[order[0]].time),
    logs: Float64Array.from(order, (i) => Math.log(visits[i].latency_ms)),
    networkCount: names.length,
  }
}

/** The trend of each segment on its own. */
function joinedTrend(series: Series): JoinedTrend {
  const count = series.logs.length
  const joined = {
    values: new Float64Array(count),
    weights: new Float64Array(count),
    unseen: new Float64Array(count),
  }
  let [freedom, drift, clockSteps] = [0, 0, 0]
  for (const places of segmentsOf(series)) {
    const trend = chooseTrend(partOf(series, places))
    for (const member of ['values', 'weights', 'unseen'] as const) {
      places.forEach((place, i) => (joined[member][place] = trend[member][i]))
    }
    freedom += trend.freedom
    drift = Math.max(drift, Math.expm1(maxOf(trend.values) - minOf(trend.values)))
    clockSteps += (trend.shape?.starts.length ?? 1) - 1
  }
  return { ...joined, freedom, drift, clockSteps }
}

function partOf({ networks, times, logs, networkCount }: Series, places: number[]): Series {
  return {
    networks: Int32Array.from(places, (i) => networks[i]),
    times: Float64Array.from(places, (i) => times[i]),
    logs: Float64Array.from(places, (i) => logs[i]),
    networkCount,
  }
}

/** The difference of the first two visits of each network that has them, as the trend has not seen it. */
function differencesOf(
  places: ReadonlyMap<string, readonly number[]>,
  { unseen }: JoinedTrend,
): number[] {
  const repeated = [...places.values()].filter(({ length }) => length > 1)
  return repeated.map(([a, b]) => unseen[a] - unseen[b])
}

/** The fit of the trend takes as many degrees of freedom from the differences between visits. */
function inflationOf(places: ReadonlyMap<string, readonly number[]>, freedom: number): number {
  let left = 0
  for (const { length } of places.values()) left += length - 1
  return left ? Math.sqrt(left / Math.max(left - freedom, left / 4)) : 1
}

function corrected(
  { logs }: Series,
  { values, weights, unseen }: JoinedTrend,
  at: readonly number[],
  noise: VisitNoise,
  inflation: number,
): Corrected {
  const own = at.map((i) => logs[i] - values[i])
  const middle = medianOf(own)
  const rest = {
    latency_ms: Math.exp(middle),
    outliers: at.length > 1 ? at.filter((i) => weights[i] === 0).length : 0,
  }
  if (at.length === 1) return rest
  if (at.length > 2) {
    const [low, high] = intervalOfMany(own, inflation)
    return { ...rest, ci95: [Math.exp(low), Math.exp(high)] }
  }
  const reach = reachOfTwo(unseen[at[0]] - unseen[at[1]], noise)
  return { ...rest, ci95: [Math.exp(middle - reach), Math.exp(middle + reach)] }
}

function maxOf(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity)
}

function minOf(values: Float64Array): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity)
}
