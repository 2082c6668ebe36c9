import { expect, it } from 'vitest'
import { operatorTimes } from './kernel-times.js'
import { lut } from './kinds/lut.js'
import type { Sample } from './sample.js'

it('recognizes the kernel names of TensorFlow.js and TFLite', () => {
  const names = ['FusedConv2D', 'CONV_2D', 'FusedDepthwiseConv2D', 'DEPTHWISE_CONV_2D', 'MaxPool']
  const more = ['AVERAGE_POOL_2D', '_FusedMatMul', 'FULLY_CONNECTED', 'Add', 'Concat', 'Reshape']
  expect(operatorTimes([...names, ...more].map((name, i) => ({ name, ms: 2 ** i })))).toEqual({
    conv2d: 1 + 2,
    depthwise_conv2d: 4 + 8,
    max_pool: 16,
    avg_pool: 32,
    dense: 64 + 128,
    add: 256,
    concat: 512,
  })
})

// Every network has as many pools as convolutions: whole latencies cannot separate their costs.
function profiled(count: number, pools: number): Sample {
  return {
    id: `${count}-${pools}`,
    features: { macs: count, kernel_conv2d_3x3_count: count, kernel_max_pool_3x3_count: pools },
    latency_ms: 1 + 2 * count + 0.5 * pools,
    kernel_ms: { conv2d: 2 * count, max_pool: 0.5 * pools },
  }
}

it('fits a table to profiles where whole latencies are not enough', async () => {
  const samples = [3, 4, 5, 6, 8].map((count) => profiled(count, count))
  const options = { latencyScale: 'linear', seed: 0 } as const
  const other = profiled(2, 9)
  const table = await lut.fit(samples, options)
  expect(table.estimate(other.features)).toBeCloseTo(other.latency_ms, 2)
  const whole = await lut.fit(
    samples.map(({ id, features, latency_ms }) => ({ id, features, latency_ms })),
    options,
  )
  expect(Math.abs(whole.estimate(other.features) / other.latency_ms - 1)).toBeGreaterThan(0.2)
})
