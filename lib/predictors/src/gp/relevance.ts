import { LEVELS, type Level, type Term } from '../additive/terms.js'
import { median } from '../linear-algebra.js'
import { squaredDistances, type Points } from './covariance.js'
import { posterior } from './process.js'

/** What determines a process beside its observations. */
export interface Hyperparameters {
  /** The squared inverse length of each column. */
  readonly inverse: Float64Array
  /** Variance of the noise, where the signal's is 1. */
  readonly noise: number
}

/** Lengths are searched on this many points at most. */
const MAX_POINTS = 300

const LENGTHS = [Infinity, 4, 2, 1, 0.5]
const NOISES = [0.03, 0.1, 0.3, 1, 3]
const PASSES = 2

/** A group of columns must lower the loss by this part of it to matter. */
const GAIN = 0.005

/**
 * Chooses the length scales by leave-one-out prediction: first one for each level of columns, so that
 * few observations suffice, with levels that do not help left out.
 */
export function chooseRelevance(
  points: Points,
  terms: readonly Term[],
  observed: Float64Array,
): Hyperparameters {
  const some = firstPoints(points, Math.min(points.count, MAX_POINTS))
  const values = observed.subarray(0, some.count)
  const levels = LEVELS.filter((level) => terms.some((term) => term.level === level))
  const unit = new Map(levels.map((level) => [level, levelDistances(some, terms, level)]))
  const lengths = new Map<Level, number>(levels.map((level) => [level, Infinity]))
  let noise = 1
  let least = Infinity
  const distances = (): Float64Array => {
    const sum = new Float64Array(some.count * some.count)
    for (const [level, length] of lengths) {
      if (length === Infinity) continue
      const own = unit.get(level) as Float64Array
      const factor = 1 / (length * length)
      for (let i = 0; i < sum.length; i++) sum[i] += factor * own[i]
    }
    return sum
  }
  for (let pass = 0; pass < PASSES; pass++) {
    for (const level of levels) {
      const start = lengths.get(level) as number
      let best = start
      for (const length of LENGTHS) {
        lengths.set(level, length)
        const loss = lossOf(distances(), values, noise)
        if (loss < least * (1 - GAIN)) {
          least = loss
          best = length
        }
      }
      lengths.set(level, best)
    }
    const current = distances()
    for (const candidate of NOISES) {
      const loss = lossOf(current, values, candidate)
      if (loss < least) {
        least = loss
        noise = candidate
      }
    }
  }
  return { inverse: inverseOf(terms, lengths), noise }
}

/** The mean absolute leave-one-out error, with what is plainly wrong capped. */
function lossOf(distances: Float64Array, observed: Float64Array, noise: number): number {
  const { leftOut } = posterior(distances, observed, noise, 2)
  const errors = observed.map((value, i) => Math.abs(value - leftOut[i]))
  const cap = 4 * median(errors)
  return errors.reduce((sum, error) => sum + Math.min(error, cap), 0) / errors.length
}

function levelDistances(points: Points, terms: readonly Term[], level: Level): Float64Array {
  return squaredDistances(points, inverseOf(terms, new Map([[level, 1]])))
}

/** A level's length is for the typical distance along all of its columns together. */
function inverseOf(terms: readonly Term[], lengths: ReadonlyMap<Level, number>): Float64Array {
  const sizes = new Map<Level, number>()
  for (const { level } of terms) sizes.set(level, (sizes.get(level) ?? 0) + 1)
  return Float64Array.from(terms, ({ level }) => {
    const length = lengths.get(level) ?? Infinity
    return 1 / (length * length * (sizes.get(level) as number))
  })
}

function firstPoints({ rows, width }: Points, count: number): Points {
  return { rows: rows.subarray(0, count * width), width, count }
}
