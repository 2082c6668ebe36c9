import { medianOf } from './order-statistics.js'
import { localLinear } from './smoother.js'

/** Visits in the order of time, unit by unit: which network, when, and the logarithm of its latency. */
export interface Series {
  readonly networks: Int32Array
  readonly times: Float64Array
  readonly logs: Float64Array
  /** Which unit of the device; the visits of each follow those of another. */
  readonly units: Int32Array
  readonly networkCount: number
}

/** The form of a trend: where its parts start, and the neighbors that its curve uses; 0 for a level. */
export interface Shape {
  readonly starts: readonly number[]
  readonly window: number
}

export interface Trend {
  /** The trend at each visit, log. Its median is 0. */
  readonly values: Float64Array
  /** The level of each network, log. */
  readonly levels: Float64Array
  /** How much each visit counts, 0 to 1. */
  readonly weights: Float64Array
  readonly freedom: number
}

const MOST_ROUNDS = 300
/** Changes below a hundredth of a percent are none. */
const TOLERANCE = 1e-4

/** Rounds of weighting visits by how far they are from the fit. */
const WEIGHTINGS = 3

/** Tukey's bisquare gives no weight to what is farther off than this many deviations. */
const BISQUARE = 4.685

/**
 * Fits log latency = network + trend(time) by backfitting (Hastie and Tibshirani, 1990). Visits far from the fit
 * count less (Tukey's bisquare), as in lowess.
 *
 * @param used 1 for visits that shape the trend, 0 for others
 * @param start a fit to almost the same visits, whose weights `used` holds: it is refined
 */
export function fitTrend(
  series: Series,
  shape: Shape | undefined,
  used: Float64Array,
  start?: Trend,
): Trend {
  const count = series.logs.length
  if (!shape) {
    const values = new Float64Array(count)
    return { values, levels: levelsOf(series, values, used), weights: used, freedom: 0 }
  }
  let weights = used
  let values: Float64Array = start?.values ?? new Float64Array(count)
  let freedom = 0
  const rounds = start ? 1 : WEIGHTINGS
  for (let round = 0; round < rounds; round++) {
    ;({ values, freedom } = backfit(series, shape, weights, values))
    if (round + 1 < rounds) weights = bisquare(series, values, used, weights)
  }
  const center = medianOf(values)
  values = values.map((value) => value - center)
  return { values, levels: levelsOf(series, values, weights), weights, freedom }
}

function backfit(series: Series, shape: Shape, weights: Float64Array, from: Float64Array) {
  const { logs, networks, times } = series
  const { apply, freedom } = localLinear(times, weights, shape.starts, shape.window)
  const partial = new Float64Array(logs.length)
  let values = from
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const levels = levelsOf(series, values, weights)
    for (let i = 0; i < logs.length; i++) partial[i] = logs[i] - levels[networks[i]]
    const next = new Float64Array(logs.length)
    apply(partial, next)
    let change = 0
    for (let i = 0; i < logs.length; i++) change = Math.max(change, Math.abs(next[i] - values[i]))
    values = next
    if (change < TOLERANCE) break
  }
  return { values, freedom }
}

/** The weighted mean of each network's visits without the trend. */
function levelsOf(series: Series, values: Float64Array, weights: Float64Array) {
  const { logs, networks, networkCount } = series
  const sums = new Float64Array(networkCount)
  const totals = new Float64Array(networkCount)
  for (let i = 0; i < logs.length; i++) {
    // A network of which no visit counts still has a level.
    const weight = weights[i] || 1e-9
    sums[networks[i]] += weight * (logs[i] - values[i])
    totals[networks[i]] += weight
  }
  return sums.map((sum, network) => sum / totals[network])
}

function bisquare(
  series: Series,
  values: Float64Array,
  used: Float64Array,
  weights: Float64Array,
): Float64Array {
  const residuals = residualsOf(series, values, weights)
  const sizes = residuals.map(Math.abs)
  const deviation = 1.4826 * medianOf(sizes.filter((_, i) => used[i] > 0))
  if (!(deviation > 0)) return used
  return sizes.map((size, i) => {
    const u = size / (BISQUARE * deviation)
    return u < 1 ? used[i] * (1 - u * u) ** 2 : 0
  })
}

/** What is left of each visit without its network's level and the trend, log. */
export function residualsOf(series: Series, values: Float64Array, weights: Float64Array) {
  const levels = levelsOf(series, values, weights)
  return series.logs.map((log, i) => log - values[i] - levels[series.networks[i]])
}
