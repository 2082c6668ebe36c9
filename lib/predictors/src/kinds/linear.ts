import { designOf, equalShares } from '../design.js'
import { LINEAR, LinearModel, linearModel, type LinearParameters } from '../linear-model.js'
import type { PredictorKind } from '../kind.js'

/** Ordinary least squares on all features. It minimizes absolute errors, so slow networks dominate. */
export const linear: PredictorKind = {
  async fit(samples, { latencyScale }) {
    const names = Object.keys(samples[0].features)
    const design = designOf(samples, names, latencyScale, equalShares(samples))
    const { leastSquares } = await import('../least-squares.js')
    return linearModel(design, leastSquares(design), latencyScale)
  },

  schema: LINEAR,

  fromJSON: (parameters: LinearParameters, latencyScale) =>
    new LinearModel(parameters, latencyScale),
}
