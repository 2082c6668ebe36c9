import { median } from '../linear-algebra.js'
import type { Validation } from '../validation.js'

/** The weight of each candidate in a geometric mean; the sum is 1. */
export type Weights = Readonly<Record<string, number>>

/** The cross-validation of each candidate. */
export type Trial = Readonly<Record<string, Validation>>

/**
 * A blend must lower the loss of the best candidate by this many standard errors of the difference: a
 * blend is slower, and with few samples a gain is often chance.
 */
const MIN_GAIN = 1

const ROUNDS = 10

/**
 * Chooses the best candidate, or a blend if it is significantly better. The blend is built by greedy
 * forward selection with replacement (Caruana et al., "Ensemble selection from libraries of models", 2004).
 *
 * @param rows indices of the samples to choose by
 */
export function chooseBlend(
  trial: Trial,
  measured: readonly number[],
  rows: readonly number[],
): Weights {
  const names = Object.keys(trial)
  const lossOf = (weights: Weights): number => mean(lossesOf(trial, weights, measured, rows))
  const losses = names.map((name) => lossOf({ [name]: 1 }))
  const least = Math.min(...losses)
  const best = names[losses.indexOf(least)]
  const counts: Record<string, number> = { [best]: 1 }
  let current = least
  for (let round = 1; round < ROUNDS; round++) {
    const added = names.map((name) => {
      const candidate = { ...counts, [name]: (counts[name] ?? 0) + 1 }
      return lossOf(normalized(candidate))
    })
    const lowest = Math.min(...added)
    if (lowest >= current) break
    current = lowest
    const name = names[added.indexOf(lowest)]
    counts[name] = (counts[name] ?? 0) + 1
  }
  const alone = lossesOf(trial, { [best]: 1 }, measured, rows)
  const together = lossesOf(trial, normalized(counts), measured, rows)
  const gains = alone.map((loss, i) => loss - together[i])
  return mean(gains) > MIN_GAIN * standardError(gains) ? normalized(counts) : { [best]: 1 }
}

/** The weighted geometric mean of the candidates' predictions of one sample; 0 if one is not above 0. */
export function blended(weights: Weights, predictionOf: (name: string) => number): number {
  let sum = 0
  for (const name in weights) sum += weights[name] * Math.log(Math.max(predictionOf(name), 0))
  return Math.exp(sum)
}

/** The weighted mean of the candidates' uncertainties of one sample. */
export function blendedUncertainty(weights: Weights, of: (name: string) => number): number {
  let sum = 0
  for (const name in weights) sum += weights[name] * of(name)
  return sum
}

/** Relative errors, capped for outliers; a prediction that is not above 0 has the error 1. */
function lossesOf(
  trial: Trial,
  weights: Weights,
  measured: readonly number[],
  rows: readonly number[],
): number[] {
  const errors = rows.map((row) => {
    const predicted = blended(weights, (name) => trial[name].predicted[row])
    return predicted > 0 ? Math.abs(predicted / measured[row] - 1) : 1
  })
  const cap = 5 * median(errors)
  return errors.map((error) => Math.min(error, cap))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The standard error of the mean. */
function standardError(values: readonly number[]): number {
  const center = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0)
  return Math.sqrt(squares) / values.length
}

function normalized(counts: Weights): Weights {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / total]))
}
