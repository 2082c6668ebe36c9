import { EXECUTED_MACS, MACS } from '@leti/records'
import { designOf, meanOf, relativeShares } from '../design.js'
import { LinearModel, linearModel, linearParameters } from '../linear-model.js'
import type { PredictorKind } from '../kind.js'
import type { LatencyScale } from '../model.js'
import type { Sample } from '../sample.js'

/**
 * The proxy that predictors are compared with: a line through the MACs, or one in the logarithms of
 * both. It looks at nothing else, so that it predicts for any network. Where operators
 * may be left out, the MACs of the network or those of what is executed, whichever say more.
 */
export const flops: PredictorKind = {
  summary: 'a line through the MACs alone',
  autoMinSamples: 0,

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, { latencyScale }) {
    const known = [MACS, EXECUTED_MACS].filter((name) => samples[0].features[name] !== undefined)
    const lines = known.map((name) => lineThrough(samples, name, latencyScale))
    const best = lines.reduce((a, b) => (b.correlation > a.correlation ? b : a))
    const { design, intercept, slope } = best
    return linearModel(design, { intercept, weights: [slope] }, latencyScale, true)
  },

  fromJSON: (parameters, latencyScale) =>
    new LinearModel(linearParameters(parameters), latencyScale, true),
}

/** The weighted least squares line through a feature. */
function lineThrough(samples: readonly Sample[], name: string, latencyScale: LatencyScale) {
  const design = designOf(samples, [name], latencyScale, relativeShares(samples, latencyScale))
  const { rows, targets, shares } = design
  const intercept = meanOf(targets, shares)
  // The column's mean is 0 and its variance 1, so that the covariance is the slope.
  const slope = meanOf(
    targets.map((value, i) => (value - intercept) * (rows[i][0] ?? 0)),
    shares,
  )
  return { design, intercept, slope, correlation: Math.abs(slope) }
}
