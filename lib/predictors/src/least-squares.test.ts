import MultivariateLinearRegression from 'ml-regression-multivariate-linear'
import { describe, expect, it } from 'vitest'
import { designOf, equalShares } from './design.js'
import { independentColumns } from './least-squares.js'
import { linear } from './kinds/linear.js'
import type { Sample } from './sample.js'
import { shuffled } from './random.js'

const OPTIONS = { latencyScale: 'linear', seed: 0 } as const

/** Exactly linear latencies of features of very different magnitudes. */
const samples = shuffled([...Array(100).keys()], 1).map((count, index): Sample => {
  const features = { macs: ((index * 37) % 100) * 1e8, kernels: count, parameters: index * 1e5 }
  const latency_ms = 0.5 + features.macs * 3e-9 + count * 0.7 + features.parameters * 1e-7
  return { id: `net-${index}`, features, latency_ms }
})

describe('linear', () => {
  it('recovers a linear latency from features of very different magnitudes', async () => {
    const model = await linear.fit(samples, OPTIONS)
    expect(unexplained((sample) => model.estimate(sample.features))).toBeLessThan(1e-12)
  })

  it('standardizes the features: without, the library does not recover the latency', () => {
    const regression = new MultivariateLinearRegression(
      samples.map(({ features }) => Object.values(features)),
      samples.map(({ latency_ms }) => [latency_ms]),
      { statistics: false },
    )
    const raw = unexplained(({ features }) => regression.predict(Object.values(features))[0])
    expect(raw).toBeGreaterThan(0.01)
  })

  it('recovers it if columns are multiples and sums of others', async () => {
    const collinear = samples.map((sample) => {
      const { macs, kernels } = sample.features
      const more = { flops: 2 * macs, both: macs / 1e8 + kernels, ones: 1 }
      return { ...sample, features: { ...sample.features, ...more } }
    })
    const model = await linear.fit(collinear, OPTIONS)
    for (const { features, latency_ms } of collinear) {
      expect(model.estimate(features) / latency_ms).toBeCloseTo(1, 9)
    }
  })
})

describe('independentColumns', () => {
  it('keeps the columns that are not a combination of those before them', () => {
    const features = (a: number, b: number) => ({ a, twice: 2 * a, b, sum: a + b, square: a * a })
    const rows = [0, 1, 2, 3, 4, 5].map((a) => features(a, (a * 5) % 7))
    const named = rows.map((row, i): Sample => ({ id: `${i}`, features: row, latency_ms: 1 }))
    const { rows: standardized } = designOf(
      named,
      Object.keys(rows[0]),
      'linear',
      equalShares(named),
    )
    expect(independentColumns(standardized)).toEqual([0, 2, 4])
  })
})

/** 1 - R2: the unexplained part of the variance. */
function unexplained(estimate: (sample: Sample) => number): number {
  const mean = samples.reduce((sum, { latency_ms }) => sum + latency_ms, 0) / samples.length
  const sum = (of: (sample: Sample) => number) =>
    samples.reduce((total, s) => total + of(s) ** 2, 0)
  return sum((s) => estimate(s) - s.latency_ms) / sum((s) => mean - s.latency_ms)
}
