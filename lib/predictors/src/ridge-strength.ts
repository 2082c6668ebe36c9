import { designOf, relativeShares, rowOf } from './design.js'
import { foldsOf } from './folds.js'
import type { FitOptions } from './kind.js'
import type { Sample } from './sample.js'
import { ridgePath } from './ridge-path.js'

const FOLDS = 5

/** Candidate strengths, two per decade from 1e2 down to 1e-8; the strongest first. */
const STRENGTHS = Array.from({ length: 21 }, (_, i) => 10 ** (2 - i / 2))

/** The strength with the least mean relative error in a cross-validation. */
export function bestStrength(samples: readonly Sample[], options: FitOptions): number {
  const errors = STRENGTHS.map(() => 0)
  for (const { training, heldOut } of foldsOf(samples, FOLDS, options.seed)) {
    const held = heldOut.map((index) => samples[index])
    heldOutErrors(training, held, options).forEach((error, i) => (errors[i] += error))
  }
  // `indexOf` finds the first, so the strongest of equally good ones.
  return STRENGTHS[errors.indexOf(Math.min(...errors))]
}

/** The sum of relative errors on the held-out samples for each strength. */
function heldOutErrors(training: Sample[], held: Sample[], { latencyScale }: FitOptions): number[] {
  const names = Object.keys(training[0].features)
  const design = designOf(training, names, latencyScale, relativeShares(training, latencyScale))
  const rows = held.map((sample) => rowOf(sample.features, design.scalings, latencyScale))
  const path = ridgePath(design)
  return STRENGTHS.map((strength) => {
    const weights = path.weights(strength)
    return held.reduce((sum, { latency_ms }, i) => {
      const value = rows[i].reduce((total, x, j) => total + weights[j] * x, path.intercept)
      const estimate = latencyScale === 'log' ? Math.exp(value) : value
      return sum + Math.abs(estimate - latency_ms) / latency_ms
    }, 0)
  })
}
