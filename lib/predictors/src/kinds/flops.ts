import { designOf, meanOf, relativeShares } from '../design.js'
import { LinearModel, linearModel, linearParameters } from '../linear-model.js'
import type { Kind, Sample, Target } from '../model.js'

/** The feature that holds the multiply-accumulates of one inference. */
export const MACS = 'macs'

/** The same of what is executed, where the runtime may leave operators out. */
const EXECUTED_MACS = 'executed_macs'

/**
 * The proxy that predictors are compared with: a line through the MACs, or one in the logarithms of
 * both. It looks at nothing else, so that it predicts for any network. Where operators
 * may be left out, the MACs of the network or those of what is executed, whichever say more.
 */
export const flops: Kind = {
  summary: 'a line through the MACs alone',

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, { target }) {
    const known = [MACS, EXECUTED_MACS].filter((name) => samples[0].features[name] !== undefined)
    const lines = known.map((name) => lineThrough(samples, name, target))
    const best = lines.reduce((a, b) => (b.correlation > a.correlation ? b : a))
    const { design, intercept, slope } = best
    return linearModel(design, { intercept, weights: [slope] }, target, true)
  },

  fromJSON: (parameters, target) => new LinearModel(linearParameters(parameters), target, true),
}

/** The weighted least squares line through a feature. */
function lineThrough(samples: readonly Sample[], name: string, target: Target) {
  const design = designOf(samples, [name], target, relativeShares(samples, target))
  const { rows, targets, shares } = design
  const intercept = meanOf(targets, shares)
  // The column's mean is 0 and its variance 1, so that the covariance is the slope.
  const slope = meanOf(
    targets.map((value, i) => (value - intercept) * (rows[i][0] ?? 0)),
    shares,
  )
  return { design, intercept, slope, correlation: Math.abs(slope) }
}
