import { expect, test } from 'vitest'
import { bestRepetitions, varianceBetween, type Revisit, type Sitting } from './repetitions.js'
import { randoms } from './synthetic.fixture.js'

interface Noise {
  /** Standard deviations of a run, and of the level of a visit. */
  readonly run: number
  readonly visit: number
}

/** Pairs of visits of `count` runs, with their mean as latency. */
function pairs(number: number, noise: Noise, { count = 20, drift = 0, seed = 1 } = {}): Revisit[] {
  const { normal } = randoms(seed)
  const sitting = (level: number): Sitting => {
    const centre = level + noise.visit * normal()
    const runs = Array.from({ length: count }, () => centre + noise.run * normal())
    const mean = runs.reduce((sum, value) => sum + value, 0) / count
    const squares = runs.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    return { latencyMs: Math.exp(mean), count, variance: squares / (count - 1) / count }
  }
  return Array.from({ length: number }, (_, i) => ({
    first: sitting(i % 3),
    second: sitting((i % 3) + drift),
  }))
}

test.each([
  { run: 0.05, visit: 0.02 },
  { run: 0.05, visit: 0.005 },
  { run: 0, visit: 0.01 },
  { run: 0.05, visit: 0 },
])('the variance between visits is known up to its error: %o', (noise) => {
  const found = varianceBetween([pairs(2000, noise)])
  const error = found?.error ?? NaN
  expect(error).toBeLessThan(0.05 * (noise.visit ** 2 + noise.run ** 2 / 20))
  expect(Math.abs((found?.variance ?? NaN) - noise.visit ** 2)).toBeLessThan(3 * error)
})

test('it is unbiased for a few pairs too', () => {
  const draws = Array.from({ length: 2000 }, (_, seed) =>
    varianceBetween([pairs(6, { run: 0.05, visit: 0.02 }, { seed })]),
  )
  const mean = draws.reduce((sum, draw) => sum + (draw?.variance ?? NaN), 0) / draws.length
  expect(mean / 0.02 ** 2).toBeCloseTo(1, 1)
})

test('what a whole pass gains or loses, and what disturbs one visit, do not count', () => {
  const noise = { run: 0.05, visit: 0.02 }
  const passes = [pairs(500, noise, { drift: 0.3 }), pairs(500, noise, { drift: -0.2, seed: 2 })]
  const [one, ...others] = passes[0]
  const disturbed = { ...one, second: { ...one.second, latencyMs: 3 * one.second.latencyMs } }
  const found = varianceBetween([[disturbed, ...others], passes[1]])
  expect((found?.variance ?? NaN) / 0.02 ** 2).toBeCloseTo(1, 0)
  expect(varianceBetween([pairs(4, noise)])).toBeUndefined()
})

test('the best number of runs: twice as many for a fourth of the variance between visits', () => {
  // Kalibera and Jones: the root of the ratio of the costs and the ratio of the variances.
  const costs = { visit: 900, run: 9 }
  expect(bestRepetitions(costs, { run: 4e-4, visit: 1e-4 })).toBe(20)
  expect(bestRepetitions(costs, { run: 4e-4, visit: 0.25e-4 })).toBe(40)
  expect(bestRepetitions(costs, { run: 0, visit: 1e-4 })).toBe(1)
})
