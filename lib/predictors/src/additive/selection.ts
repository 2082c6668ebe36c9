import { robustScale } from '../robust.js'
import { searchLevels, type Settings } from './search.js'
import { LEVELS, type Term } from './terms.js'
import {
  fitted,
  huberWeights,
  momentsOf,
  relativeErrors,
  rowProduct,
  solve,
  type Moments,
  type Problem,
} from './regression.js'

/** The ridge penalty of each level; Infinity leaves the level out. */
export type Strengths = Settings

const GRID = [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6]

const NONE = Object.fromEntries(LEVELS.map((level) => [level, Infinity])) as Strengths

/** An inner fold: the moments of its training rows, and its held-out rows. */
interface InnerFold {
  readonly moments: Moments
  readonly heldOut: readonly number[]
}

/**
 * Chooses the penalties by cross-validation, twice: the second time with robust weights from the first fit,
 * so that outliers count less.
 *
 * @param assignments the inner fold of each row, for one or more repeats
 */
export function chooseStrengths(
  problem: Problem,
  terms: readonly Term[],
  assignments: readonly (readonly number[])[],
): Strengths {
  const present = LEVELS.filter((level) => terms.some((term) => term.level === level))
  const search = (robust: Float64Array, start: Strengths): Strengths => {
    const folds = assignments.map((foldOf) => innerFolds(problem, foldOf, robust))
    return searchLevels(start, present, GRID, (strengths) =>
      meanOf(folds.map((repeat) => lossesOf(problem, repeat, penaltiesOf(terms, strengths)))),
    )
  }
  const equal = equalWeights(problem)
  const first = search(equal, NONE)
  const { robust } = reweighted(problem, penaltiesOf(terms, first), equal, 4)
  return search(robust, first)
}

/** Fits with the given penalties, by iteratively reweighted least squares. Returns the column weights. */
export function fitRobust(
  problem: Problem,
  terms: readonly Term[],
  strengths: Strengths,
): Float64Array {
  return reweighted(problem, penaltiesOf(terms, strengths), equalWeights(problem), 12).weights
}

/** Iteratively reweighted least squares: alternates between a fit and the rows' robust weights. */
function reweighted(problem: Problem, penalties: Float64Array, start: Float64Array, steps: number) {
  let robust = start
  let weights: Float64Array = new Float64Array(problem.width)
  for (let step = 0; step < steps; step++) {
    weights = solve(momentsOf(problem, robust), penalties)
    robust = huberWeights(relativeErrors(problem, fitted(problem, weights)))
  }
  return { weights, robust }
}

function equalWeights({ targets }: Problem): Float64Array {
  return new Float64Array(targets.length).fill(1)
}

function innerFolds(
  problem: Problem,
  foldOf: readonly number[],
  robust: Float64Array,
): InnerFold[] {
  const count = Math.max(...foldOf) + 1
  return Array.from({ length: count }, (_, fold) => ({
    moments: momentsOf(
      problem,
      robust.map((weight, row) => (foldOf[row] === fold ? 0 : weight)),
    ),
    heldOut: [...foldOf.keys()].filter((row) => foldOf[row] === fold),
  }))
}

/** The elementwise mean. */
function meanOf(all: readonly Float64Array[]): Float64Array {
  return all[0].map((_, i) => all.reduce((sum, one) => sum + one[i], 0) / all.length)
}

/** The absolute error of each held-out row; outliers are capped. */
function lossesOf(
  problem: Problem,
  folds: readonly InnerFold[],
  penalties: Float64Array,
): Float64Array {
  const { rows, width, targets, units } = problem
  const errors = new Float64Array(targets.length)
  for (const { moments, heldOut } of folds) {
    const weights = solve(moments, penalties)
    for (const row of heldOut) {
      errors[row] = (rowProduct(rows, row * width, weights) - targets[row]) / units[row]
    }
  }
  const bound = 3 * robustScale(errors)
  return errors.map((error) => Math.min(Math.abs(error), bound))
}

/** The penalty of each column; the intercept, in the first column, has none. */
function penaltiesOf(terms: readonly Term[], strengths: Strengths): Float64Array {
  return Float64Array.from([0, ...terms.map(({ level }) => strengths[level])])
}
