import { mostLikely, type Strengths } from './evidence.js'
import type { Term } from './terms.js'
import { RunningMoments, type Problem } from './moments.js'
import { factorOf, fitted, huberWeights, relativeErrors, solve } from './regression.js'

/** The penalties and the robust weights depend on each other: they are found in turn, this many times. */
const ROUNDS = 3

/**
 * A robust fit of a problem: the penalty of each level, the weight of each column and of each row, and the Cholesky factor
 * of the normal equations.
 */
export function fitRobust(problem: Problem, terms: readonly Term[]) {
  const moments = new RunningMoments(problem)
  const strengths = chooseStrengths(problem, terms, moments)
  const penalties = penaltiesOf(terms, strengths)
  const { weights, robust } = reweighted(problem, moments, penalties, equalWeights(problem), 12)
  return { strengths, weights, robust, factor: factorOf(moments.at(robust), penalties) }
}

/** Chooses the penalties, with robust weights, so that outliers count less. */
function chooseStrengths(
  problem: Problem,
  terms: readonly Term[],
  moments: RunningMoments,
): Strengths {
  let robust = equalWeights(problem)
  let strengths = mostLikely(problem, terms, robust, moments.at(robust))
  for (let round = 1; round < ROUNDS; round++) {
    const penalties = penaltiesOf(terms, strengths)
    robust = reweighted(problem, moments, penalties, robust, 6).robust
    strengths = mostLikely(problem, terms, robust, moments.at(robust))
  }
  return strengths
}

/** Iteratively reweighted least squares: alternates between a fit and the rows' robust weights. */
function reweighted(
  problem: Problem,
  moments: RunningMoments,
  penalties: Float64Array,
  start: Float64Array,
  steps: number,
) {
  let robust = start
  let weights: Float64Array = new Float64Array(problem.width)
  for (let step = 0; step < steps; step++) {
    weights = solve(moments.at(robust), penalties)
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
