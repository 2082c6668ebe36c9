import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it, test } from 'vitest'
import { cholesky } from '../linear-algebra.js'
import type { Sample } from '../sample.js'
import { fitAdditive } from './index.js'
import { checkLeverage, Leverage, rowsOf, shareOf } from './leverage.js'

test('the leverage is that of the textbook', () => {
  // A line through points at x = 1, 2, 3, 6: 1 / 4 + (x - 3)^2 / 14.
  const gram = Float64Array.of(4, 0, 12, 50)
  const leverage = new Leverage(rowsOf(cholesky(gram, 2), 2, 1))
  for (const x of [1, 3, 6, -4]) {
    expect(leverage.at(Float64Array.of(1, x))).toBeCloseTo(1 / 4 + (x - 3) ** 2 / 14, 5)
  }
})

test('a direction in which the factor is singular counts nothing', () => {
  const gram = Float64Array.of(2, 0, 2, 2)
  const leverage = new Leverage(rowsOf(cholesky(gram, 2), 2, 1))
  expect(leverage.at(Float64Array.of(1, 1))).toBeCloseTo(1 / 2, 6)
})

test.each([
  { share: 0.5, factor: [[1], [1, 1]], message: '"factor" must have a row for the intercept' },
  { share: 0.5, factor: [[1], [1, 1], [1, 1]], message: '"factor" must have a row' },
  { share: 0.5, factor: [[1], [1, 1], [1, 1, 0]], message: 'the last of a row is not 0' },
  { share: 1.5, factor: [[1], [1, 1], [1, 1, 1]], message: '"share" must be at most 1' },
])('a damaged file is wrong usage: share $share, $factor', ({ message, ...leverage }) => {
  expect(() => checkLeverage(leverage, 3)).toThrow(message)
})

describe('the share of the error that follows the leverage', () => {
  const rows = (errorAt: (leverage: number) => number) =>
    Array.from({ length: 400 }, (_, i) => {
      const leverage = 0.02 + 0.4 * (i / 400) ** 3
      // Errors as the fit leaves them, of both signs and many sizes.
      const error = errorAt(leverage / (1 - leverage)) * (1 - leverage)
      return { leverage, weight: 1, error: error * Math.log(1 - ((i * 61) % 100) / 101) }
    })

  it('is that of a right model at least', () => {
    const { share, usual } = shareOf(rows(() => 1))
    expect(share).toBeCloseTo(usual / (1 + usual), 10)
  })

  it('is larger if errors grow with the leverage faster than those of a right model', () => {
    const { share } = shareOf(rows(Math.sqrt))
    expect(share).toBeGreaterThan(0.8)
  })
})

const NAMES = [
  'conv3x3_macs',
  'conv1x1_macs',
  'dense_macs',
  'pool_bytes',
  'add_bytes',
  'relu_bytes',
]

/** Networks whose latency is linear in their features, which reach from 1 to `most`. */
function networks(count: number, most: number, seed: number): Sample[] {
  const random = xoroshiro128plus(seed)
  const uniform = () => uniformFloat64(random)
  return Array.from({ length: count }, (_, i) => {
    const values = NAMES.map(() => 1 + (most - 1) * uniform())
    const sum = values.reduce((total, value, j) => total + (j + 1) * value, 5)
    const noise = 0.05 * (uniform() + uniform() + uniform() - 1.5)
    const features = Object.fromEntries(NAMES.map((name, j) => [name, values[j]]))
    return { id: `n${i}`, features, latency_ms: sum * Math.exp(noise) }
  })
}

test.each(['linear', 'log'] as const)(
  'of a %s model, the uncertainty grows as the errors of networks unlike the training set do',
  (latencyScale) => {
    const found = [1, 2, 3, 4, 5, 6].flatMap((seed) => {
      const model = fitAdditive(networks(25, 2, seed), { latencyScale, seed: 0 })
      return networks(300, 6, seed + 10).map(({ features, latency_ms }) => ({
        error: Math.abs(Math.log(model.estimate(features) / latency_ms)),
        uncertainty: model.uncertainty(features),
      }))
    })
    found.sort((a, b) => a.uncertainty - b.uncertainty)
    const [certain, uncertain] = [found.slice(0, 450), found.slice(-450)]
    const grown = (of: (one: (typeof found)[number]) => number) =>
      mean(uncertain.map(of)) / mean(certain.map(of))
    expect(grown(({ error }) => error)).toBeGreaterThan(1.25)
    expect(grown(({ uncertainty }) => uncertainty)).toBeGreaterThan(1.25)
  },
)

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
