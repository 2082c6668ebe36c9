/** Rows of a linear smoother: the value at visit `i` is the weighted sum of the values of some visits. */
export interface Smoother {
  readonly apply: (values: Float64Array, into: Float64Array) => void
  /** Trace of the smoother: how many free numbers the curve has. */
  readonly freedom: number
}

/** A curve is computed at this many points a window, and straight between them. */
const KNOTS_PER_WINDOW = 8

interface Knot {
  readonly start: number
  readonly coefficients: Float64Array
}

/**
 * Local linear regression with tricube weights, in each part of a series on its own.
 *
 * @param times of the values, ascending
 * @param weights of the values; those of weight 0 are not used, but the curve passes them
 * @param starts of the parts, ascending, the first 0
 * @param window how many neighbors the curve uses at a point; 0 for the level of the part alone
 */
export function localLinear(
  times: Float64Array,
  weights: Float64Array,
  starts: readonly number[],
  window: number,
): Smoother {
  const parts = starts.map((start, i) => {
    const end = starts[i + 1] ?? times.length
    const points = window ? knotsOf(start, end, window) : [start]
    const knots = points.map((at) => knotAt(times, weights, at, start, end, window || end - start))
    return { start, end, points, knots }
  })
  let freedom = 0
  for (const { points, knots } of parts) {
    freedom += points.length > 1 ? traceOf(points, knots) : 1
  }
  const apply = (values: Float64Array, into: Float64Array): void => {
    for (const { start, end, points, knots } of parts) {
      const levels = knots.map((knot) => dot(knot, values))
      let k = 0
      for (let i = start; i < end; i++) {
        while (k < points.length - 2 && points[k + 1] <= i) k++
        into[i] = between(times, points, levels, k, i)
      }
    }
  }
  return { apply, freedom }
}

function knotsOf(start: number, end: number, window: number): number[] {
  const step = Math.max(1, Math.floor(window / KNOTS_PER_WINDOW))
  const points: number[] = []
  for (let at = start; at < end - 1; at += step) points.push(at)
  points.push(end - 1)
  return points
}

function between(
  times: Float64Array,
  points: readonly number[],
  levels: readonly number[],
  k: number,
  i: number,
): number {
  if (k + 1 >= points.length) return levels[k]
  const span = times[points[k + 1]] - times[points[k]]
  const share = span > 0 ? (times[i] - times[points[k]]) / span : 0
  return levels[k] + (levels[k + 1] - levels[k]) * share
}

function dot({ start, coefficients }: Knot, values: Float64Array): number {
  let sum = 0
  for (let j = 0; j < coefficients.length; j++) sum += coefficients[j] * values[start + j]
  return sum
}

function traceOf(points: readonly number[], knots: readonly Knot[]): number {
  let trace = 0
  for (let k = 0; k < knots.length; k++) {
    const { start, coefficients } = knots[k]
    const stride = (points[Math.min(k + 1, points.length - 1)] - points[Math.max(k - 1, 0)]) / 2
    trace += (coefficients[points[k] - start] ?? 0) * stride
  }
  return trace
}

/** The coefficients of the regression's value at one visit. */
function knotAt(
  times: Float64Array,
  weights: Float64Array,
  at: number,
  from: number,
  to: number,
  window: number,
): Knot {
  const [start, end] = neighbors(times, weights, at, from, to, window)
  const center = times[at]
  // The farthest neighbor gets a little weight, so that a window of two has two.
  const reach = 1.001 * Math.max(center - times[start], times[end - 1] - center, 1e-9)
  const coefficients = new Float64Array(end - start)
  let s0 = 0
  let s1 = 0
  let s2 = 0
  for (let j = start; j < end; j++) {
    const x = times[j] - center
    const w = weights[j] * (1 - (Math.abs(x) / reach) ** 3) ** 3
    coefficients[j - start] = w
    s0 += w
    s1 += w * x
    s2 += w * x * x
  }
  const determinant = s0 * s2 - s1 * s1
  const sloped = to - from > 4 && determinant > 1e-6 * s0 * s2
  for (let j = start; j < end; j++) {
    const x = times[j] - center
    coefficients[j - start] *= sloped ? (s2 - s1 * x) / determinant : s0 > 0 ? 1 / s0 : 0
  }
  return { start, coefficients }
}

/** The nearest visits with a weight, as a range. */
function neighbors(
  times: Float64Array,
  weights: Float64Array,
  at: number,
  from: number,
  to: number,
  window: number,
): [number, number] {
  let start = at
  let end = at + 1
  let used = weights[at] > 0 ? 1 : 0
  while (used < window && (start > from || end < to)) {
    const left = start > from ? times[at] - times[start - 1] : Infinity
    const right = end < to ? times[end] - times[at] : Infinity
    used += weights[left <= right ? --start : end++] > 0 ? 1 : 0
  }
  return [start, end]
}
