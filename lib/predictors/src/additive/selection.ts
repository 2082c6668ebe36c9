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

/** How strongly the weights of each level are held towards 0; Infinity leaves a level out. */
export type Strengths = Settings

const GRID = [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6]

const NONE = Object.fromEntries(LEVELS.map((level) => [level, Infinity])) as Strengths

/** An inner fold: the sums of its training rows, and the rows to judge by. */
interface InnerFold {
  readonly moments: Moments
  readonly heldOut: readonly number[]
}

/**
 * Chooses the strengths by cross-validation, twice: the second time it is known which rows are
 * doubtful, and they count less.
 *
 * @param deals the inner fold of each row, dealt out once or more
 */
export function chooseStrengths(
  problem: Problem,
  terms: readonly Term[],
  deals: readonly (readonly number[])[],
): Strengths {
  const present = LEVELS.filter((level) => terms.some((term) => term.level === level))
  const search = (robust: Float64Array, start: Strengths): Strengths => {
    const folds = deals.map((foldOf) => innerFolds(problem, foldOf, robust))
    return searchLevels(start, present, GRID, (strengths) =>
      meanOf(folds.map((deal) => lossesOf(problem, deal, penaltiesOf(terms, strengths)))),
    )
  }
  const equal = equalWeights(problem)
  const first = search(equal, NONE)
  const { robust } = reweighted(problem, penaltiesOf(terms, first), equal, 4)
  return search(robust, first)
}

/** Fits with the given strengths until the rows' robust weights settle. */
export function fitRobust(
  problem: Problem,
  terms: readonly Term[],
  strengths: Strengths,
): Float64Array {
  return reweighted(problem, penaltiesOf(terms, strengths), equalWeights(problem), 12).weights
}

/** Fits and weights the rows by their errors, in turns. */
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

/** The mean of each element. */
function meanOf(all: readonly Float64Array[]): Float64Array {
  return all[0].map((_, i) => all.reduce((sum, one) => sum + one[i], 0) / all.length)
}

/** How far each row is off when it is held out, with what is plainly wrong capped. */
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

/** The penalty of each column; the first, the intercept, has none. */
function penaltiesOf(terms: readonly Term[], strengths: Strengths): Float64Array {
  return Float64Array.from([0, ...terms.map(({ level }) => strengths[level])])
}
