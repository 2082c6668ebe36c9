import { median } from './linear-algebra.js'
import { kendall, spearman } from './ranks.js'

/** The accuracy of predictions. A metric that is undefined for the data is absent. */
export interface Metrics {
  count: number
  /** Mean of |predicted - measured| / measured. */
  mape_percent: number
  /** Median of the same, which is robust to wrong measurements. */
  median_ape_percent: number
  rmse_ms: number
  /** Share of the predictions within 5% of the measured latency. */
  within_5_percent: number
  within_10_percent: number
  /** Spearman's rho; absent if all measurements or all predictions are equal. */
  spearman_rho?: number
  /** Kendall's tau-b; absent in the same case. */
  kendall_tau?: number
  /** Share of the measurements in their 90% interval; absent without intervals. */
  coverage_90_percent?: number
}

/**
 * @param measured latencies in ms, above 0, at least one
 * @param predicted latencies in ms, in the same order
 */
export function metricsOf(measured: ArrayLike<number>, predicted: ArrayLike<number>): Metrics {
  const count = measured.length
  let relative = 0
  const errors = new Float64Array(count)
  let squared = 0
  let within5 = 0
  let within10 = 0
  for (let i = 0; i < count; i++) {
    const error = Math.abs(predicted[i] - measured[i])
    errors[i] = error / measured[i]
    relative += errors[i]
    squared += error * error
    if (error <= 0.05 * measured[i]) within5++
    if (error <= 0.1 * measured[i]) within10++
  }
  const rho = spearman(measured, predicted)
  const tau = kendall(measured, predicted)
  return {
    count,
    mape_percent: (100 * relative) / count,
    median_ape_percent: 100 * median(errors),
    rmse_ms: Math.sqrt(squared / count),
    within_5_percent: (100 * within5) / count,
    within_10_percent: (100 * within10) / count,
    ...(Number.isFinite(rho) && { spearman_rho: rho }),
    ...(Number.isFinite(tau) && { kendall_tau: tau }),
  }
}
