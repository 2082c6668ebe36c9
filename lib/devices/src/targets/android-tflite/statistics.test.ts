import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { expect, test } from 'vitest'
import { combineSummaries, isSettled } from './statistics.js'

const one = (mean: number, more = {}) => ({ count: 10, min: 9, max: 12, mean, std: 0.5, ...more })

test('gives no interval for one invocation', () => {
  expect(combineSummaries([one(10)])).toEqual({
    median: 10,
    median_is: 'mean',
    mean: 10,
    std: 0.5,
    min: 9,
    count: 10,
  })
  expect(isSettled([one(10)], 1)).toBe(false)
})

test('pools the samples of two invocations', () => {
  // The samples 1, 3 and 5, 7, 9 together have mean 5 and variance 8.
  const low = { count: 2, min: 1, max: 3, mean: 2, std: 1 }
  const high = { count: 3, min: 5, max: 9, mean: 7, std: Math.sqrt(8 / 3) }
  const both = combineSummaries([low, high])
  expect(both).toMatchObject({ count: 5, min: 1 })
  expect(both.mean).toBeCloseTo(5)
  expect(both.std).toBeCloseTo(Math.sqrt(8))
})

test('uses medians if all invocations report them', () => {
  const combined = combineSummaries([10.1, 10, 10.4].map((median) => one(11, { median })))
  expect(combined.median).toBe(10.1)
  expect(combined).not.toHaveProperty('median_is')
  // t = 4.303 for 2 degrees of freedom, s = 0.2082: 1.2533 * 4.303 * 0.2082 / sqrt(3) = 0.648.
  expect(combined.ci95?.[1]).toBeCloseTo(10.1 + 0.648, 3)
})

test('is settled once three invocations agree, but not two', () => {
  expect(isSettled([one(10), one(10)], 0.02)).toBe(false)
  expect(isSettled([one(10), one(10.01), one(10.02)], 0.02)).toBe(true)
  expect(isSettled([one(10), one(10.5), one(11)], 0.02)).toBe(false)
})

test.each([2, 3, 5, 10, 14, 30])('the interval of %i invocations covers the median', (count) => {
  const random = xoroshiro128plus(count)
  const uniform = (): number => 1 - uniformFloat64(random)
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  const trials = 5000
  let covered = 0
  for (let trial = 0; trial < trials; trial++) {
    const summaries = Array.from({ length: count }, () => one(100 + normal()))
    const [low, high] = combineSummaries(summaries).ci95 ?? []
    if (Number(low) <= 100 && 100 <= Number(high)) covered++
  }
  expect(covered / trials).toBeGreaterThan(0.93)
  expect(covered / trials).toBeLessThan(0.97)
})
