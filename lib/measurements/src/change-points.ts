import { studentTail } from './student.js'

/** A change is significant at this level: Hunter's default. */
const SIGNIFICANCE = 0.001

/** The fewest values on either side of a change. */
const FEWEST = 5

export interface Search {
  /** The most values on either side of a change that the test compares: a slow drift is no change. */
  readonly reach: number
  /** The fewest values on either side of a change. */
  readonly fewest: number
  /** Whether both sides vary alike: the test needs only one value on a side then. */
  readonly equalVariance: boolean
}

/** Longer series are searched in windows of this many values, which overlap by half. */
const LONGEST = 240

/**
 * Where the level of a series changes: E-divisive (Matteson and James, JASA 2014) finds the candidates, and
 * Student's t-test between the neighboring parts keeps the significant ones, so that the result is
 * deterministic (Fleming et al., "Hunter", arXiv 2301.03034).
 *
 * @returns the indices of the first values after the changes, ascending
 */
export function changePoints(
  values: ArrayLike<number>,
  { reach = values.length, fewest = FEWEST, equalVariance = false }: Partial<Search> = {},
): number[] {
  const search = { reach, fewest, equalVariance }
  const cuts = new Set<number>()
  for (let start = 0; ; start += LONGEST / 2) {
    const end = Math.min(start + LONGEST, values.length)
    split(values, start, end, search, cuts)
    if (end === values.length) break
  }
  return significant(values, cuts, search)
}

/** Splits a part at its likeliest change, and then both halves, as long as the change is significant. */
function split(
  values: ArrayLike<number>,
  start: number,
  end: number,
  search: Search,
  cuts: Set<number>,
): void {
  const cut = likeliest(values, start, end, search.fewest)
  if (cut === undefined || tailOf(values, start, cut, end, search) * (end - start) > SIGNIFICANCE)
    return
  cuts.add(cut)
  split(values, start, cut, search, cuts)
  split(values, cut, end, search, cuts)
}

/** The cut with the largest energy distance between the sides. */
function likeliest(
  values: ArrayLike<number>,
  start: number,
  end: number,
  fewest: number,
): number | undefined {
  const sum = pairSums(values, start, end)
  const { left, right, total } = sum
  const count = end - start
  let best = 0
  let at: number | undefined
  for (let m = fewest; m <= count - fewest; m++) {
    const n = count - m
    const across = total - left[m] - right[m]
    const within = meanOfPairs(left[m], m) + meanOfPairs(right[m], n)
    const energy = ((m * n) / count) * ((2 * across) / (m * n) - within)
    if (energy > best) {
      best = energy
      at = start + m
    }
  }
  return at
}

/** The mean distance of the pairs of `count` values; a single value is at no distance from itself. */
function meanOfPairs(sum: number, count: number): number {
  return count > 1 ? (2 * sum) / (count * (count - 1)) : 0
}

/** Sums of the distances of all pairs among the first `m` values, and among the others. */
function pairSums(values: ArrayLike<number>, start: number, end: number) {
  const count = end - start
  const before = new Float64Array(count)
  const after = new Float64Array(count)
  for (let j = 1; j < count; j++) {
    for (let i = 0; i < j; i++) {
      const distance = Math.abs(values[start + j] - values[start + i])
      before[j] += distance
      after[i] += distance
    }
  }
  const left = new Float64Array(count + 1)
  const right = new Float64Array(count + 1)
  for (let m = 1; m <= count; m++) left[m] = left[m - 1] + before[m - 1]
  for (let m = count - 1; m >= 0; m--) right[m] = right[m + 1] + after[m]
  return { left, right, total: left[count] }
}

/** Removes the least significant cut until all are significant between their neighbors. */
function significant(values: ArrayLike<number>, found: Set<number>, search: Search): number[] {
  const cuts = [...found].sort((a, b) => a - b)
  for (;;) {
    const tails = cuts.map((cut, i) =>
      tailOf(values, cuts[i - 1] ?? 0, cut, cuts[i + 1] ?? values.length, search),
    )
    const worst = tails.indexOf(Math.max(...tails))
    if (worst < 0 || tails[worst] * values.length <= SIGNIFICANCE) return cuts
    cuts.splice(worst, 1)
  }
}

/** The probability of such a difference between the means of the two sides, by Student's or Welch's t-test. */
function tailOf(
  values: ArrayLike<number>,
  start: number,
  cut: number,
  end: number,
  { reach, equalVariance }: Search,
): number {
  const left = momentsOf(values, Math.max(start, cut - reach), cut)
  const right = momentsOf(values, cut, Math.min(end, cut + reach))
  const both = left.count + right.count - 2
  if (equalVariance ? both < 1 : Math.min(left.count, right.count) < 2) return 1
  const pooled = ((left.count - 1) * left.variance + (right.count - 1) * right.variance) / both
  const a = (equalVariance ? pooled : left.variance) / left.count
  const b = (equalVariance ? pooled : right.variance) / right.count
  if (a + b === 0) return left.mean === right.mean ? 1 : 0
  const welch = (a + b) ** 2 / (a ** 2 / (left.count - 1) + b ** 2 / (right.count - 1))
  const t = Math.abs(left.mean - right.mean) / Math.sqrt(a + b)
  return studentTail(t, equalVariance ? both : welch)
}

function momentsOf(values: ArrayLike<number>, start: number, end: number) {
  const count = end - start
  let sum = 0
  for (let i = start; i < end; i++) sum += values[i]
  const mean = sum / count
  let squares = 0
  for (let i = start; i < end; i++) squares += (values[i] - mean) ** 2
  return { count, mean, variance: squares / Math.max(count - 1, 1) }
}
