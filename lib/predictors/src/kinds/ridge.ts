import { designOf, relativeShares } from '../design.js'
import { LINEAR, LinearModel, linearModel, type LinearParameters } from '../linear-model.js'
import type { PredictorKind } from '../kind.js'

/** Ridge regression on all features. It minimizes relative errors; the penalty is cross-validated. */
export const ridge: PredictorKind = {
  async fit(samples, options) {
    const [{ ridgePath }, { bestStrength }] = await Promise.all([
      import('../ridge-path.js'),
      import('../ridge-strength.js'),
    ])
    const { latencyScale } = options
    const names = Object.keys(samples[0].features)
    const design = designOf(samples, names, latencyScale, relativeShares(samples, latencyScale))
    const strength = bestStrength(samples, options)
    const path = ridgePath(design)
    const solution = { intercept: path.intercept, strength, weights: path.weights(strength) }
    return linearModel(design, solution, latencyScale)
  },

  schema: LINEAR,

  fromJSON: (parameters: LinearParameters, latencyScale) =>
    new LinearModel(parameters, latencyScale),
}
