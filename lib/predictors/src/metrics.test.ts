import { describe, expect, it } from 'vitest'
import { metricsOf } from './metrics.js'

describe('metricsOf', () => {
  it('gives the mean squared error in the documentation of scikit-learn', () => {
    const { rmse_ms } = metricsOf([3, -0.5, 2, 7], [2.5, 0, 2, 8])
    expect(rmse_ms ** 2).toBeCloseTo(0.375, 12)
  })

  it('computes errors relative to the measured latency', () => {
    // Errors of 4%, 8%, 20% and 0%.
    const metrics = metricsOf([100, 50, 10, 1], [104, 46, 12, 1])
    expect(metrics.mape_percent).toBeCloseTo(8, 12)
    expect(metrics).toMatchObject({ count: 4, within_5_percent: 50, within_10_percent: 75 })
  })

  it('counts an error at the limit as within', () => {
    expect(metricsOf([100, 100], [105, 90])).toMatchObject({
      within_5_percent: 50,
      within_10_percent: 100,
    })
  })

  it('gives the rank correlation whatever the size of the errors', () => {
    expect(metricsOf([1, 2, 3], [100, 200, 300])).toMatchObject({ spearman_rho: 1, kendall_tau: 1 })
    expect(metricsOf([1, 2, 3], [3, 2, 1])).toMatchObject({ spearman_rho: -1, kendall_tau: -1 })
  })

  it('leaves out an undefined correlation', () => {
    const metrics = metricsOf([1, 2, 3], [2, 2, 2])
    expect(metrics).not.toHaveProperty('spearman_rho')
    expect(metrics).not.toHaveProperty('kendall_tau')
  })
})
