import { describe, expect, test } from 'vitest'
import { latencyStatistics, medianInterval, ninetiethPercentile } from './statistics.js'

/** The whole numbers from 1 to `count`. */
const ranks = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

test('describes samples in any order', () => {
  expect(latencyStatistics([4, 1, 3, 2])).toEqual({
    median: 2.5,
    mean: 2.5,
    std: Math.sqrt(5 / 3),
    min: 1,
    count: 4,
  })
})

describe('the interval of the median', () => {
  // Ranks of the distribution-free 95% interval as tabulated for the binomial with p = 1/2:
  // Conover, "Practical Nonparametric Statistics", table A3; n = 6 gives the extremes.
  test.each([
    [6, [1, 6]],
    [20, [5, 16]],
    [100, [40, 61]],
  ])('of %d samples', (count, interval) => {
    expect(medianInterval(ranks(count))).toEqual(interval)
  })

  test('does not exist below six samples', () => {
    expect(medianInterval(ranks(5))).toBeUndefined()
    expect(latencyStatistics(ranks(5))).not.toHaveProperty('ci95')
  })
})

describe('the 90th percentile', () => {
  // From the sum of the binomial terms by the gamma function: P(Bin(64, 0.1) <= 1) = 0.0096 and
  // P(Bin(63, 0.1) <= 1) = 0.0105. MLPerf asks for 64 queries, of which the longest is left out.
  test.each([
    [44, 44],
    [63, 63],
    [64, 63],
    [1000, 922],
    [20_000, 18_099],
  ])('of %d samples is that of rank %d', (count, rank) => {
    expect(ninetiethPercentile(ranks(count))).toBe(rank)
  })

  test('does not exist below 44 samples', () => {
    expect(ninetiethPercentile(ranks(43))).toBeUndefined()
    expect(latencyStatistics(ranks(43))).not.toHaveProperty('p90')
  })
})
