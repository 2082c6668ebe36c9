import { medianOf } from './order-statistics.js'
import { logStudentDensity, studentBound } from './student.js'

/** The noise of one visit over all networks: Student's distribution, of the logarithm. */
export interface VisitNoise {
  readonly scale: number
  /** Few degrees of freedom are heavy tails: a visit in a while is far off. Absent if nothing says. */
  readonly freedom?: number
  /** The networks that it was fitted to. */
  readonly networks: number
}

const FREEDOMS = [1, 1.5, 2, 3, 4, 6, 10, 30, 100]

/** With fewer networks the noise counts as normal: its tails cannot be known. */
const FEWEST_FOR_TAILS = 8

/** The fit is searched among scales that grow by this factor. */
const SCALE_STEP = 1.04

/** Steps of the integrals over the inverse hyperbolic sine, which is dense at 0 and reaches far. */
const STEP = 0.08
const FARTHEST = 14

/** Rows of a table over the differences of two visits. */
const TABLE_STEP = 0.1
const TABLE_ROWS = 140

/** A little more than 95%: the noise itself is estimated. Chosen on the series of `scripts/bench/drift.js`. */
const SHARE = 0.965

interface Pair {
  /** Logarithm of the density of such a difference. */
  readonly log: number
  /** Half the width of the interval of the level, in scales. */
  readonly reach: number
}

const TABLES = new Map<number, readonly Pair[]>()

/**
 * Fits the noise of a visit to the differences between two, by the largest likelihood.
 *
 * @param differences of the logarithms of two visits, one for each network
 */
export function visitNoise(differences: readonly number[]): VisitNoise {
  const sizes = differences.map(Math.abs)
  const usual = medianOf(sizes)
  if (sizes.length < FEWEST_FOR_TAILS || !(usual > 0)) {
    const squares = sizes.reduce((sum, size) => sum + size ** 2, 0)
    return { scale: Math.sqrt(squares / 2 / sizes.length), networks: sizes.length }
  }
  let best = { scale: 0, freedom: 0, likelihood: -Infinity }
  for (const freedom of FREEDOMS) {
    for (let step = -30; step <= 30; step++) {
      const scale = usual * SCALE_STEP ** step
      let likelihood = -sizes.length * Math.log(scale)
      for (const size of sizes) likelihood += pairAt(size / scale, freedom).log
      if (likelihood > best.likelihood) best = { scale, freedom, likelihood }
    }
  }
  return { scale: best.scale, freedom: best.freedom, networks: sizes.length }
}

/** Half the width of the 95% interval of a network's level around a single visit, log. */
export function reachOfOne({ scale, freedom, networks }: VisitNoise): number {
  return studentBound(0.05, freedom ?? networks) * scale
}

/**
 * Half the width of the 95% interval of a network's level around the mean of two visits, log: the central
 * interval of the posterior with a flat prior, which holds 95% whatever the difference (Pitman, 1939). If
 * the visits contradict each other it holds both.
 */
export function reachOfTwo(difference: number, { scale, freedom, networks }: VisitNoise): number {
  if (freedom === undefined) {
    const pooled = (studentBound(0.05, networks) * scale) / Math.SQRT2
    return Math.max(pooled, Math.abs(difference) / 2)
  }
  return scale * pairAt(Math.abs(difference) / scale, freedom).reach
}

/**
 * The 95% interval of a network's level from three visits or more: Student's t over their logarithms.
 *
 * @param inflation of the deviation, for the freedom that the trend has taken
 */
export function intervalOfMany(logs: readonly number[], inflation: number): [number, number] {
  const count = logs.length
  const mean = logs.reduce((sum, log) => sum + log, 0) / count
  const squares = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0)
  const error = inflation * Math.sqrt(squares / (count - 1) / count)
  const reach = studentBound(0.05, count - 1) * error
  const middle = medianOf(logs)
  return [Math.min(mean - reach, middle), Math.max(mean + reach, middle)]
}

function pairAt(difference: number, freedom: number): Pair {
  let table = TABLES.get(freedom)
  if (!table) {
    table = Array.from({ length: TABLE_ROWS }, (_, row) =>
      pairOf(Math.sinh(row * TABLE_STEP), freedom),
    )
    TABLES.set(freedom, table)
  }
  const position = Math.min(Math.asinh(difference) / TABLE_STEP, TABLE_ROWS - 1.001)
  const row = Math.floor(position)
  const share = position - row
  const [a, b] = [table[row], table[row + 1]]
  return { log: a.log + (b.log - a.log) * share, reach: a.reach + (b.reach - a.reach) * share }
}

/**
 * Integrates the product of the two visits' densities over the level, from the middle between the visits
 * outwards; the other half is the same.
 */
function pairOf(difference: number, freedom: number): Pair {
  const from = Math.asinh(-difference / 2)
  const count = Math.ceil((FARTHEST - from) / STEP)
  const step = (FARTHEST - from) / count
  const masses = new Float64Array(count)
  let total = 0
  for (let i = 0; i < count; i++) {
    const v = from + (i + 0.5) * step
    const x = Math.sinh(v)
    const log = logStudentDensity(x, freedom) + logStudentDensity(x + difference, freedom)
    masses[i] = Math.exp(log) * Math.cosh(v) * step
    total += masses[i]
  }
  let sum = 0
  let i = 0
  while (sum + masses[i] < SHARE * total) sum += masses[i++]
  const v = from + (i + (SHARE * total - sum) / masses[i]) * step
  return { log: Math.log(2 * total), reach: Math.sinh(v) + difference / 2 }
}
