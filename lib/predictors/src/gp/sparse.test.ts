import { expect, test } from 'vitest'
import { covariance, squaredDistances, type Points } from './covariance.js'
import { posterior } from './process.js'
import { sparsePosterior, type Inducing } from './sparse.js'

const NOISE = 0.05

/** Points along a curve in the plane, many of them close to each other. */
const POINTS: Points = {
  rows: Float64Array.from({ length: 400 }, (_, i) =>
    i % 2 ? Math.cos(i / 90) : Math.sin(i / 40) + i / 400,
  ),
  width: 2,
  count: 200,
}

const OBSERVED = Float64Array.from(
  { length: 200 },
  (_, i) => Math.sin(i / 30) + 0.1 * Math.sin(99 * i) + (i % 50 ? 0 : 3),
)

/** The prediction at each point. */
function predictions({ chosen, alpha }: Inducing): number[] {
  const distances = squaredDistances(POINTS, new Float64Array(2).fill(1))
  return Array.from({ length: POINTS.count }, (_, point) =>
    chosen.reduce(
      (sum, other, i) => sum + alpha[i] * covariance(distances[point * POINTS.count + other]),
      0,
    ),
  )
}

const { alpha } = posterior(squaredDistances(POINTS, new Float64Array(2).fill(1)), OBSERVED, NOISE)
const exact = predictions({ chosen: [...alpha.keys()], alpha })

/** The largest difference from the exact process. */
function differenceOf(most: number): number {
  const sparse = predictions(sparsePosterior(POINTS, OBSERVED, NOISE, most))
  return Math.max(...sparse.map((value, i) => Math.abs(value - exact[i])))
}

test('few points that stand for all predict nearly as all do', () => {
  expect(differenceOf(30)).toBeLessThan(0.1)
  expect(differenceOf(5)).toBeGreaterThan(0.3)
})

test('one wrong observation in fifty hardly counts', () => {
  const sparse = predictions(sparsePosterior(POINTS, OBSERVED, NOISE, 30))
  expect(Math.abs(sparse[100] - Math.sin(100 / 30))).toBeLessThan(0.3)
})

test('no point is chosen twice, nor one that equals another', () => {
  const rows = Float64Array.from({ length: 90 }, (_, i) => i % 10)
  const { chosen } = sparsePosterior(
    { rows, width: 1, count: 90 },
    OBSERVED.subarray(0, 90),
    NOISE,
    40,
  )
  expect(chosen.map((point) => point % 10).sort((a, b) => a - b)).toEqual([...Array(10).keys()])
})
