import { median } from '../linear-algebra.js'

/** How much each candidate counts in a geometric mean; the sum is 1. */
export type Weights = Readonly<Record<string, number>>

/** What each candidate predicts (ms) for samples that it was not fitted to. */
export type Trial = Readonly<Record<string, Float64Array>>

/** A blend must lower the loss of the best candidate by this part of it: it costs as many fits. */
const BLEND_GAIN = 0.01

const ROUNDS = 10

/**
 * The best candidate, or a blend where that is clearly better: candidates are added to it one by one,
 * each as often as it helps (Caruana et al., "Ensemble selection from libraries of models", 2004).
 *
 * @param rows the samples to judge by
 */
export function chooseBlend(
  trial: Trial,
  measured: readonly number[],
  rows: readonly number[],
): Weights {
  const names = Object.keys(trial)
  const losses = names.map((name) => lossOf(trial, { [name]: 1 }, measured, rows))
  const least = Math.min(...losses)
  const best = names[losses.indexOf(least)]
  const counts: Record<string, number> = { [best]: 1 }
  let current = least
  for (let round = 1; round < ROUNDS; round++) {
    const added = names.map((name) => {
      const candidate = { ...counts, [name]: (counts[name] ?? 0) + 1 }
      return lossOf(trial, normalised(candidate), measured, rows)
    })
    const lowest = Math.min(...added)
    if (lowest >= current) break
    current = lowest
    const name = names[added.indexOf(lowest)]
    counts[name] = (counts[name] ?? 0) + 1
  }
  return current < least * (1 - BLEND_GAIN) ? normalised(counts) : { [best]: 1 }
}

/** The geometric mean of the candidates' predictions of one sample. */
export function blended(weights: Weights, predictionOf: (name: string) => number): number {
  let sum = 0
  for (const name in weights) sum += weights[name] * Math.log(predictionOf(name))
  return Math.exp(sum)
}

/** The mean relative error, with what is plainly wrong capped; a prediction that is none counts 1. */
function lossOf(
  trial: Trial,
  weights: Weights,
  measured: readonly number[],
  rows: readonly number[],
): number {
  const errors = rows.map((row) => {
    const predicted = blended(weights, (name) => trial[name][row])
    return predicted > 0 ? Math.abs(predicted / measured[row] - 1) : 1
  })
  const cap = 5 * median(errors)
  return errors.reduce((sum, error) => sum + Math.min(error, cap), 0) / errors.length
}

function normalised(counts: Weights): Weights {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / total]))
}
