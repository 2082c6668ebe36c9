import { EXECUTED_MACS, MACS } from '@leti/records'
import { designOf, meanOf, relativeShares } from '../design.js'
import { LINEAR, LinearModel, linearModel, type LinearParameters } from '../linear-model.js'
import type { PredictorKind } from '../kind.js'
import type { LatencyScale } from '../model.js'
import type { Sample } from '../sample.js'

/**
 * The proxy that predictors are compared with: a line through the MACs, or a power law. It uses no other
 * feature, so it predicts any network. If the features include the MACs of the executed network, it uses
 * the one of the two that correlates better.
 */
export const flops: PredictorKind = {
  autoMinSamples: 0,

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, { latencyScale }) {
    const known = [MACS, EXECUTED_MACS].filter((name) => samples[0].features[name] !== undefined)
    const lines = known.map((name) => lineThrough(samples, name, latencyScale))
    const best = lines.reduce((a, b) => (b.correlation > a.correlation ? b : a))
    const { design, intercept, slope } = best
    return linearModel(design, { intercept, weights: [slope] }, latencyScale, true)
  },

  schema: LINEAR,

  fromJSON: (parameters: LinearParameters, latencyScale) =>
    new LinearModel(parameters, latencyScale, true),
}

/** A weighted least-squares line through one feature. */
function lineThrough(samples: readonly Sample[], name: string, latencyScale: LatencyScale) {
  const design = designOf(samples, [name], latencyScale, relativeShares(samples, latencyScale))
  const { rows, targets, shares } = design
  const intercept = meanOf(targets, shares)
  // The column has mean 0 and variance 1, so the covariance is the slope.
  const slope = meanOf(
    targets.map((value, i) => (value - intercept) * (rows[i][0] ?? 0)),
    shares,
  )
  return { design, intercept, slope, correlation: Math.abs(slope) }
}
