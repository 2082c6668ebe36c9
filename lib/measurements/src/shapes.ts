import { changePoints } from './change-points.js'
import { medianOf } from './order-statistics.js'
import { unitStarts } from './pool.js'
import { fitTrend, type Series, type Shape } from './trend.js'

/** The share of the visits that the curve uses at a point, and the fewest. Chosen on `scripts/bench/drift.js`. */
const WINDOW = 0.02
const FEWEST_IN_WINDOW = 8

/** A pause longer than this many of the usual times between visits starts a new part. */
const PAUSE = 30

/** The change points are searched in what the fit with the last ones leaves. */
const ROUNDS = 3

/** The shapes that a trend may have, the simplest first: levels between changes, and curves. */
export function shapesOf(series: Series, used: Float64Array): Shape[] {
  const visits = used.reduce((sum, one) => sum + one, 0)
  const window = Math.max(FEWEST_IN_WINDOW, Math.round(WINDOW * visits))
  const pauses = sorted([...unitStarts(series), ...pausesOf(series.times)])
  const changes = changesOf(series, used, pauses, window)
  const changed = changes.length > pauses.length
  return [
    ...(pauses.length > unitStarts(series).length ? [{ starts: pauses, window: 0 }] : []),
    ...(changed ? [{ starts: changes, window: 0 }] : []),
    { starts: pauses, window },
    ...(changed ? [{ starts: changes, window }] : []),
  ]
}

/** Starts of the parts between pauses and change points. */
function changesOf(
  series: Series,
  used: Float64Array,
  pauses: readonly number[],
  window: number,
): readonly number[] {
  const { logs, networks } = series
  const places = [...logs.keys()].filter((i) => used[i] > 0)
  let starts = pauses
  for (let round = 0; round < ROUNDS; round++) {
    const { levels } = fitTrend(series, { starts, window }, used)
    const left = places.map((i) => logs[i] - levels[networks[i]])
    const cuts = changePoints(left, { reach: window }).map((i) => places[i])
    const next = sorted([...pauses, ...cuts])
    if (next.join() === starts.join()) break
    starts = next
  }
  return starts
}

function sorted(places: readonly number[]): number[] {
  return [...new Set(places)].sort((a, b) => a - b)
}

function pausesOf(times: Float64Array): number[] {
  const gaps = times.slice(1).map((time, i) => time - times[i])
  const usual = medianOf(gaps)
  return [...gaps.keys()].filter((i) => gaps[i] > PAUSE * usual).map((i) => i + 1)
}
