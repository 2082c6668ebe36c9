import { expect, it } from 'vitest'
import { termsOf } from './terms.js'

it('takes the executed network if the samples do not tell it from the written one', () => {
  const counts = [1, 4, 2, 7]
  const samples = counts.map((count, i) => ({
    id: `${i}`,
    latency_ms: 1,
    features: {
      kernel_conv2d_3x3_count: count,
      pruned_conv2d_3x3_count: count,
      executed_conv2d_3x3_count: count,
    },
  }))
  const terms = termsOf(samples, Object.keys(samples[0].features), 'linear')
  expect(terms.map(({ features }) => features)).toEqual([
    ['executed_conv2d_3x3_count'],
    ['executed_conv2d_3x3_count', 'executed_conv2d_3x3_count'],
  ])
})
