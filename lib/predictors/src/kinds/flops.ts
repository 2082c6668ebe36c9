import { designOf, meanOf, relativeShares } from '../design.js'
import { LinearModel, linearModel, linearParameters } from '../linear-model.js'
import type { Kind } from '../model.js'

/** The feature that holds the multiply-accumulates of one inference. */
export const MACS = 'macs'

/**
 * The proxy that predictors are compared with: a line through the MACs, or one in the logarithms of
 * both. It looks at nothing else, so that it predicts for any network.
 */
export const flops: Kind = {
  summary: 'a line through the MACs alone',

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, { target }) {
    const design = designOf(samples, [MACS], target, relativeShares(samples, target))
    const { rows, targets, shares } = design
    const intercept = meanOf(targets, shares)
    // The column's mean is 0 and its variance 1, so that the covariance is the slope.
    const slope = meanOf(
      targets.map((value, i) => (value - intercept) * rows[i][0]),
      shares,
    )
    return linearModel(design, { intercept, weights: [slope] }, target, true)
  },

  fromJSON: (parameters, target) => new LinearModel(linearParameters(parameters), target, true),
}
