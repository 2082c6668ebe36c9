import { searchLevels, type Settings } from './search.js'
import { LEVELS, type Level, type Term } from '../additive/terms.js'
import { median } from '../linear-algebra.js'
import { squaredDistances, type Points } from './covariance.js'
import type { Hyperparameters } from './hyperparameters.js'
import { maximizeLikelihood } from './likelihood.js'
import { leaveOneOut } from './process.js'

/** Most points for the search of levels, and for the likelihood. */
const SEARCH_POINTS = 400
const MAX_POINTS = 300

const LENGTHS = [4, 2, 1, 0.5]
const NOISES = [0.03, 0.1, 0.3, 1, 3]

/** Variance of the noise while the levels are chosen. */
const TYPICAL_NOISE = 0.5

const NOTHING = Object.fromEntries(LEVELS.map((level) => [level, Infinity])) as Settings

/**
 * Chooses the hyperparameters in two steps. Leave-one-out errors choose one length scale per level of
 * terms, which needs few observations, and leave out levels that do not help. From there maximum
 * likelihood fits one length scale per column (automatic relevance determination).
 *
 * @param observed one value per point, in standard deviations
 */
export function chooseRelevance(
  points: Points,
  terms: readonly Term[],
  observed: Float64Array,
): Hyperparameters {
  const some = firstPoints(points, SEARCH_POINTS)
  const values = observed.subarray(0, some.count).map(clipped)
  const start = searchStart(some, terms, values)
  const more = firstPoints(points, MAX_POINTS)
  return maximizeLikelihood(more, observed.subarray(0, more.count).map(clipped), start)
}

function searchStart(
  points: Points,
  terms: readonly Term[],
  observed: Float64Array,
): Hyperparameters {
  const levels = LEVELS.filter((level) => terms.some((term) => term.level === level))
  const unit = new Map(levels.map((level) => [level, levelDistances(points, terms, level)]))
  const distances = (lengths: Settings): Float64Array => {
    const sum = new Float64Array(points.count * points.count)
    for (const [level, own] of unit) {
      const factor = 1 / (lengths[level] * lengths[level])
      if (factor > 0) own.forEach((distance, i) => (sum[i] += factor * distance))
    }
    return sum
  }
  const lengths = searchLevels(NOTHING, levels, LENGTHS, (candidate) =>
    lossesOf(distances(candidate), observed, TYPICAL_NOISE),
  )
  const chosen = distances(lengths)
  const losses = NOISES.map((noise) => sumOf(lossesOf(chosen, observed, noise)))
  const noise = NOISES[losses.indexOf(Math.min(...losses))]
  return { inverse: inverseOf(terms, lengths), noise }
}

/** Clips outliers; observations are in standard deviations. */
function clipped(value: number): number {
  return Math.max(-3, Math.min(3, value))
}

/** Absolute leave-one-out errors, capped for outliers. */
function lossesOf(distances: Float64Array, observed: Float64Array, noise: number): Float64Array {
  const noises = new Float64Array(observed.length).fill(noise)
  const errors = leaveOneOut(distances, observed, noises).map(Math.abs)
  const cap = 4 * median(errors)
  return errors.map((error) => Math.min(error, cap))
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function levelDistances(points: Points, terms: readonly Term[], level: Level): Float64Array {
  return squaredDistances(points, inverseOf(terms, { ...NOTHING, [level]: 1 }))
}

/** The squared inverse length scales of the columns. A level's length applies to all its columns together. */
function inverseOf(terms: readonly Term[], lengths: Settings): Float64Array {
  const sizes = new Map<Level, number>()
  for (const { level } of terms) sizes.set(level, (sizes.get(level) ?? 0) + 1)
  return Float64Array.from(terms, ({ level }) => {
    const length = lengths[level]
    return 1 / (length * length * (sizes.get(level) as number))
  })
}

function firstPoints({ rows, width, count: all }: Points, most: number): Points {
  const count = Math.min(all, most)
  return { rows: rows.subarray(0, count * width), width, count }
}
