import { kendall, spearman } from '@leti/measurements'
import type { Schema, Static } from '@leti/records'
import { median } from './linear-algebra.js'

const PERCENT = { type: 'number' } as const

export const METRICS = {
  type: 'object',
  description: 'Accuracy of predictions. A metric that is undefined for the data is absent.',
  required: ['count', 'mape_percent', 'rmse_ms', 'within_5_percent', 'within_10_percent'],
  properties: {
    count: { type: 'number', description: 'Number of measurements.' },
    mape_percent: { ...PERCENT, description: 'Mean of |predicted - measured| / measured, %.' },
    median_ape_percent: {
      ...PERCENT,
      description: 'Median of the same, %: robust to wrong measurements. Absent in old files.',
    },
    rmse_ms: { type: 'number', description: 'Root mean square error, ms.' },
    within_5_percent: {
      ...PERCENT,
      description: 'Share of the predictions within 5% of the measured latency, %.',
    },
    within_10_percent: {
      ...PERCENT,
      description: 'Share of the predictions within 10% of the measured latency, %.',
    },
    spearman_rho: {
      type: 'number',
      description: "Spearman's rho. Absent if all measurements or all predictions are equal.",
    },
    kendall_tau: {
      type: 'number',
      description: "Kendall's tau-b. Absent if all measurements or all predictions are equal.",
    },
    coverage_90_percent: {
      ...PERCENT,
      description: 'Share of the measurements in their 90% interval, %. Absent without intervals.',
    },
  },
} as const satisfies Schema

/** The accuracy of predictions. A metric that is undefined for the data is absent. */
export type Metrics = Static<typeof METRICS>

/**
 * @param measured latencies in ms, above 0, at least one
 * @param predicted latencies in ms, in the same order
 */
export function metricsOf(measured: ArrayLike<number>, predicted: ArrayLike<number>) {
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
