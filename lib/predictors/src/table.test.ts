import { expect, it } from 'vitest'
import { metricsOf } from './metrics.js'
import { metricsTable } from './table.js'

it('aligns one row per predictor below the title', () => {
  const good = metricsOf([100, 200, 300], [101, 202, 330])
  const flat = metricsOf([100, 200, 300], [150, 150, 150])
  const table = metricsTable('node/wasm: 3 measurements', [
    ['ridge', good],
    ['flops', flat],
  ])
  expect(table).toBe(
    [
      'node/wasm: 3 measurements',
      '         MAPE     RMSE    <5%    <10%    rho    tau',
      'ridge   4.00%  17.4 ms  66.7%  100.0%  1.000  1.000',
      'flops  41.67%  95.7 ms   0.0%    0.0%      -      -',
    ].join('\n'),
  )
})
