import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { expect, it } from 'vitest'
import { activeSet } from './active-set.js'
import { momentsOf, type Problem } from './additive/moments.js'
import { nonNegative } from './non-negative.js'

const random = xoroshiro128plus(5)

/** Correlated columns, some without use and one of zeros, and targets that depend on two of them. */
function problemOf(count: number, width: number): Problem {
  const rows = new Float64Array(count * width)
  const targets = new Float64Array(count)
  for (let row = 0; row < count; row++) {
    const common = uniformFloat64(random)
    rows[row * width] = 1
    for (let i = 1; i < width - 1; i++) rows[row * width + i] = common + uniformFloat64(random)
    targets[row] = 1 + rows[row * width + 1] + 2 * rows[row * width + 2]
  }
  return { rows, width, targets, units: targets }
}

it.each([
  [10, 30],
  [40, 12],
])('finds the optimum: %i samples, %i columns', (count, width) => {
  const problem = problemOf(count, width)
  const penalties = new Float64Array(width).fill(0.01).fill(0, 0, 1)
  const moments = momentsOf(problem, new Float64Array(count).fill(1))
  const weights = activeSet(moments, penalties)
  for (let i = 0; i < width; i++) {
    let slope = moments.projection[i] - penalties[i] * weights[i]
    for (let j = 0; j < width; j++) {
      slope -= moments.gram[Math.max(i, j) * width + Math.min(i, j)] * weights[j]
    }
    // At the optimum no weight above 0 has a slope, and no weight at 0 would gain from an increase.
    expect(weights[i]).toBeGreaterThanOrEqual(0)
    expect(weights[i] > 0 ? Math.abs(slope) : slope).toBeLessThan(1e-9)
  }
})

it('agrees with the coordinate descent', () => {
  const problem = problemOf(40, 6)
  const penalties = new Float64Array(6).fill(0.1)
  const descended = nonNegative(problem, penalties)
  const solved = nonNegative(problem, penalties, 0, activeSet)
  for (const [i, weight] of solved.entries()) expect(weight).toBeCloseTo(descended[i], 6)
})
