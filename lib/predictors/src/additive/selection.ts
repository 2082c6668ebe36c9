import { mostLikely, type Strengths } from './evidence.js'
import type { Term } from './terms.js'
import {
  fitted,
  huberWeights,
  momentsOf,
  relativeErrors,
  solve,
  type Problem,
} from './regression.js'

/** The penalties and the robust weights depend on each other: they are found in turn, this many times. */
const ROUNDS = 3

/** Chooses the penalties, with robust weights, so that outliers count less. */
export function chooseStrengths(problem: Problem, terms: readonly Term[]): Strengths {
  let robust = equalWeights(problem)
  let strengths = mostLikely(problem, terms, robust)
  for (let round = 1; round < ROUNDS; round++) {
    robust = reweighted(problem, penaltiesOf(terms, strengths), robust, 6).robust
    strengths = mostLikely(problem, terms, robust)
  }
  return strengths
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

/** The penalty of each column; the intercept, in the first column, has none. */
function penaltiesOf(terms: readonly Term[], strengths: Strengths): Float64Array {
  return Float64Array.from([0, ...terms.map(({ level }) => strengths[level])])
}
