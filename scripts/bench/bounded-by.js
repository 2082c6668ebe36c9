// The upper bounds that search goes by.
import { BoundRaise } from '../../lib/search/dist/index.js'
import { predictedBy } from './usual.js'

/** Samples with the upper bound of their prediction, and the one that it is raised to. */
export function boundedBy(predictor, samples, risk) {
  const tried = predictor
    .heldOut(1 - risk)
    .map(({ latency_ms, predicted_ms, high_ms, features }) => ({
      latency_ms: predicted_ms,
      value: features.macs,
      excess: latency_ms / high_ms,
    }))
  const raise = new BoundRaise(tried, risk)
  return samples.map((sample) => {
    const { latency_ms = 1, high_ms = Infinity } = predictedBy(predictor, sample, 1 - risk) ?? {}
    return { ...sample, high_ms, bound_ms: high_ms * raise.factorAt(latency_ms) }
  })
}
