import { metricsOf, type Metrics } from './metrics.js'

/** A measured latency with its prediction. */
export interface Judged {
  readonly measured: number
  readonly predicted: number
  /** Whether the measured latency is in the interval; undefined if the prediction has none. */
  readonly inside: boolean | undefined
}

/** The metrics of predictions, with the share of measurements that lie in their intervals. */
export function judgedMetrics(pairs: readonly Judged[]): Metrics {
  const judged = pairs.filter(({ inside }) => inside !== undefined)
  const share = (100 * judged.filter(({ inside }) => inside).length) / judged.length
  return {
    ...metricsOf(
      pairs.map(({ measured }) => measured),
      pairs.map(({ predicted }) => predicted),
    ),
    ...(judged.length && { coverage_90_percent: share }),
  }
}
