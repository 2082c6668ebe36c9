import { median } from './linear-algebra.js'
import { kendall, spearman } from './ranks.js'

/** How well predictions agree with measurements. A value that does not exist is absent. */
export interface Metrics {
  count: number
  /** Mean of |predicted - measured| / measured. */
  mape_percent: number
  /** Median of the same: plainly wrong measurements do not lead it. */
  median_ape_percent: number
  rmse_ms: number
  /** Share of the predictions that are off by no more than 5% of the measured latency. */
  within_5_percent: number
  within_10_percent: number
  /** Spearman's rho; it needs measurements, and predictions, that are not all equal. */
  spearman_rho?: number
  /** Kendall's tau-b, on the same condition. */
  kendall_tau?: number
  /** Share of the measurements that lie in their 90% interval, where there are intervals. */
  coverage_90_percent?: number
}

/** @param measured latencies in ms, positive, at least one; `predicted` in the same order */
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
