import { robustScale } from '../robust.js'
import { combine, NOISE, rowsOf, sumAt, type Columns, type Combination } from './combination.js'

const MAX_FOLDS = 10

/** Errors are capped at this many standard deviations, so that an outlier does not decide. */
const BOUND = 2.5

/** Predictions are raised to this part of the measurement, so that their logarithms are finite. */
const LEAST_PART = 0.02

/** Exponent of the likelihood, below 1 since picked samples are not independent. */
const TEMPER = 0.5

/** Candidates with less than this share of the weight are left out. */
const NEGLIGIBLE = 1e-4

/**
 * Averages candidate models: each reference alone, and the sum of all references and counts. The weight of a
 * candidate is the likelihood of its cross-validated errors (pseudo-likelihood: Geisser and Eddy, "A
 * Predictive Approach to Model Selection", 1979). With few samples a similar reference gets most of the
 * weight, with more samples the sum does.
 */
export function averaged(columns: Columns): Combination {
  const candidates = [
    ...columns.references.map((_, index) => (of: Columns) => alone(of, index)),
    combine,
  ]
  const sizes = candidates.map((fit) => errorSize(leftOutErrors(columns, fit)))
  const least = Math.min(...sizes)
  const count = columns.latencies.length
  const weights = sizes.map((size) => (size / least) ** (-TEMPER * count))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const kept = candidates.filter((_, i) => weights[i] > NEGLIGIBLE * total)
  const shares = weights.filter((weight) => weight > NEGLIGIBLE * total)
  return mean(
    kept.map((fit) => fit(columns)),
    shares,
  )
}

/** One reference, scaled to the samples. */
function alone(columns: Columns, index: number): Combination {
  const { latencies } = columns
  const fitted = combine({ references: [columns.references[index]], counts: [], latencies })
  const references = new Float64Array(columns.references.length)
  references[index] = fitted.references[0]
  return { ...fitted, references, counts: new Float64Array(columns.counts.length) }
}

/** The absolute log error of each sample in a cross-validation. */
function leftOutErrors(columns: Columns, fit: (of: Columns) => Combination): Float64Array {
  const rows = [...columns.latencies.keys()]
  const folds = Math.min(rows.length, MAX_FOLDS)
  const errors = new Float64Array(rows.length)
  for (let fold = 0; fold < folds; fold++) {
    const others = rows.filter((row) => row % folds !== fold)
    if (!others.length) continue
    const fitted = fit(rowsOf(columns, others))
    for (let row = fold; row < rows.length; row += folds) {
      const part = sumAt(fitted, columns, row) / columns.latencies[row]
      errors[row] = Math.abs(Math.log(Math.max(part, LEAST_PART)))
    }
  }
  return errors
}

/** The mean error, capped for outliers. */
function errorSize(errors: Float64Array): number {
  const bound = BOUND * (NOISE + robustScale(errors))
  return NOISE + errors.reduce((sum, error) => sum + Math.min(error, bound), 0) / errors.length
}

/** The weighted mean of the coefficients. */
function mean(combinations: readonly Combination[], weights: readonly number[]): Combination {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const over = (valueOf: (one: Combination) => number) =>
    combinations.reduce((sum, one, i) => sum + (weights[i] / total) * valueOf(one), 0)
  return {
    intercept: over(({ intercept }) => intercept),
    references: combinations[0].references.map((_, i) => over((one) => one.references[i])),
    counts: combinations[0].counts.map((_, i) => over((one) => one.counts[i])),
  }
}
