import { searchLevels, type Settings } from './search.js'
import { LEVELS, type Term } from './terms.js'
import {
  fitted,
  huberWeights,
  momentsOf,
  relativeErrors,
  rowProduct,
  scaleOf,
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

/** A level must lower the loss by this part of it to enter, since cross-validation has noise. */
const GAIN = 0.004

/**
 * Chooses the strengths by cross-validation, twice: the second time it is known which rows are
 * doubtful, and they count less.
 *
 * @param foldOf the inner fold of each row
 */
export function chooseStrengths(
  problem: Problem,
  terms: readonly Term[],
  foldOf: readonly number[],
): Strengths {
  const present = LEVELS.filter((level) => terms.some((term) => term.level === level))
  const search = (robust: Float64Array, start: Strengths): Strengths => {
    const folds = innerFolds(problem, foldOf, robust)
    return searchLevels(start, present, GRID, GAIN, (strengths) =>
      lossOf(problem, folds, penaltiesOf(terms, strengths)),
    )
  }
  const equal: Float64Array = new Float64Array(problem.targets.length).fill(1)
  const first = search(equal, NONE)
  return search(robustWeights(problem, terms, first, equal), first)
}

/** Fits with the given strengths until the rows' robust weights settle. */
export function fitRobust(
  problem: Problem,
  terms: readonly Term[],
  strengths: Strengths,
): Float64Array {
  let robust: Float64Array = new Float64Array(problem.targets.length).fill(1)
  const penalties = penaltiesOf(terms, strengths)
  let weights: Float64Array = new Float64Array(problem.width)
  for (let step = 0; step < 12; step++) {
    weights = solve(momentsOf(problem, robust), penalties)
    robust = huberWeights(relativeErrors(problem, fitted(problem, weights)))
  }
  return weights
}

function robustWeights(
  problem: Problem,
  terms: readonly Term[],
  strengths: Strengths,
  start: Float64Array,
): Float64Array {
  let robust = start
  const penalties = penaltiesOf(terms, strengths)
  for (let step = 0; step < 4; step++) {
    const weights = solve(momentsOf(problem, robust), penalties)
    robust = huberWeights(relativeErrors(problem, fitted(problem, weights)))
  }
  return robust
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

/** The Huber loss of the held-out rows' relative errors, on the scale of the errors themselves. */
function lossOf(problem: Problem, folds: readonly InnerFold[], penalties: Float64Array): number {
  const { rows, width, targets, units } = problem
  const errors = new Float64Array(targets.length)
  for (const { moments, heldOut } of folds) {
    const weights = solve(moments, penalties)
    for (const row of heldOut) {
      errors[row] = (rowProduct(rows, row * width, weights) - targets[row]) / units[row]
    }
  }
  const bound = 3 * scaleOf(errors)
  let sum = 0
  for (const error of errors) sum += Math.min(Math.abs(error), bound)
  return sum / errors.length
}

/** The penalty of each column; the first, the intercept, has none. */
function penaltiesOf(terms: readonly Term[], strengths: Strengths): Float64Array {
  return Float64Array.from([0, ...terms.map(({ level }) => strengths[level])])
}
