import { climb } from '../climb.js'
import { cholesky, inverseDiagonal, solveFactored } from '../linear-algebra.js'
import type { Moments, Problem } from './moments.js'
import { LEVELS, type Level, type Term } from './terms.js'

/** The ridge penalty of each level; Infinity leaves the level out. */
export type Strengths = Readonly<Record<Level, number>>

const STEPS = 30

/** Standard deviation of a normal prior on each logarithm of a penalty, centered at a penalty of 1. */
const PRIOR = 4

/** A level that has less than this effective number of terms is left out. */
const MIN_TERMS = 0.5

/** The least variance of relative errors: no latency is known to within 0.01%. */
const MIN_VARIANCE = 1e-8

/**
 * Chooses the penalties by maximum likelihood: each is the variance of the noise over that of its level's
 * weights, and the likelihood of the targets given these variances, with all weights integrated out, is
 * largest (MacKay, "Bayesian Interpolation", 1992). It uses all rows at once, so a few dozen suffice where
 * the choice by cross-validation is a matter of chance.
 *
 * @param robust weight of each row
 * @param moments of the problem with these weights
 */
export function mostLikely(
  problem: Problem,
  terms: readonly Term[],
  robust: Float64Array,
  moments: Moments,
): Strengths {
  const system = systemOf(problem, terms, robust, moments)
  const start = new Float64Array(system.levels.length)
  const logarithms = climb(start, STEPS, (at) =>
    slopeOf(system, at.map(Math.exp)).map((slope, i) => slope - at[i] / (PRIOR * PRIOR)),
  )
  const penalties = logarithms.map(Math.exp)
  const { explained } = posteriorOf(system, penalties)
  const strengths = LEVELS.map((level) => {
    const i = system.levels.indexOf(level)
    return [level, i >= 0 && explained[i] >= MIN_TERMS ? penalties[i] : Infinity] as const
  })
  return Object.fromEntries(strengths) as Strengths
}

/** The normal equations, and the level of each column. */
interface System extends Moments {
  /** The weighted mean square of the targets, relative to their units. */
  readonly square: number
  readonly rows: number
  /** The levels that have terms. */
  readonly levels: readonly Level[]
  /** The index of each column's level; -1 for the intercept. */
  readonly levelOf: readonly number[]
}

function systemOf(
  { targets, units }: Problem,
  terms: readonly Term[],
  robust: Float64Array,
  moments: Moments,
): System {
  const levels = LEVELS.filter((level) => terms.some((term) => term.level === level))
  const squares = targets.map((target, row) => (robust[row] * target ** 2) / units[row] ** 2)
  return {
    ...moments,
    square: squares.reduce((sum, square) => sum + square, 0) / targets.length,
    rows: targets.length,
    levels,
    levelOf: [-1, ...terms.map(({ level }) => levels.indexOf(level))],
  }
}

/** The gradient of the log likelihood by the logarithm of each penalty. */
function slopeOf(system: System, penalties: Float64Array): Float64Array {
  const { explained, magnitudes, variance } = posteriorOf(system, penalties)
  return penalties.map((penalty, level) => {
    const share = ((system.rows - 1) * penalty * magnitudes[level]) / variance
    return 0.5 * (explained[level] - share)
  })
}

/** What the penalties imply. */
function posteriorOf({ gram, projection, square, levelOf }: System, penalties: Float64Array) {
  const size = levelOf.length
  const matrix = Float64Array.from(gram)
  levelOf.forEach((level, i) => (matrix[i * size + i] += level < 0 ? 0 : penalties[level]))
  const factor = cholesky(matrix, size)
  const weights = solveFactored(factor, Float64Array.from(projection))
  const inverse = inverseDiagonal(factor, size)
  /** The effective number of terms of each level. */
  const explained = new Float64Array(penalties.length)
  /** The sum of squares of each level's weights. */
  const magnitudes = new Float64Array(penalties.length)
  let variance = square
  levelOf.forEach((level, i) => {
    variance -= weights[i] * projection[i]
    if (level < 0) return
    explained[level] += 1 - penalties[level] * inverse[i]
    magnitudes[level] += weights[i] * weights[i]
  })
  return { explained, magnitudes, variance: Math.max(variance, MIN_VARIANCE) }
}
