import { designOf, equalShares } from '../design.js'
import { LinearModel, linearModel, linearParameters } from '../linear-model.js'
import type { Kind } from '../model.js'

/** Ordinary least squares on all features; absolute errors count, so that slow networks lead. */
export const linear: Kind = {
  summary: 'ordinary least squares on all features',

  async fit(samples, { target }) {
    const names = Object.keys(samples[0].features)
    const design = designOf(samples, names, target, equalShares(samples))
    const { leastSquares } = await import('../least-squares.js')
    return linearModel(design, leastSquares(design), target)
  },

  fromJSON: (parameters, target) => new LinearModel(linearParameters(parameters), target),
}
