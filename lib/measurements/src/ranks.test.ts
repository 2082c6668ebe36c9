import { describe, expect, it } from 'vitest'
import { kendall, spearman } from './ranks.js'
import { randoms } from './synthetic.fixture.js'

describe('spearman', () => {
  it('gives the value of the example in the documentation of scipy.stats.spearmanr', () => {
    expect(spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(0.8207826816681233, 12)
  })

  it('gives the value of the example on Wikipedia (IQ and hours of TV)', () => {
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    expect(spearman(iq, hours)).toBeCloseTo(-29 / 165, 12)
  })

  it('is NaN if all values of one side are equal', () => {
    expect(spearman([1, 2, 3], [4, 4, 4])).toBeNaN()
  })
})

describe('kendall', () => {
  it('gives the value of the example in the documentation of scipy.stats.kendalltau', () => {
    expect(kendall([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])).toBeCloseTo(-0.47140452079103173, 12)
  })

  it("gives the value of the example of R's cor.test (Hollander and Wolfe's tuna)", () => {
    const x = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
    const y = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]
    expect(kendall(x, y)).toBeCloseTo(0.4444444, 7)
  })

  it('is NaN if all values of one side are equal', () => {
    expect(kendall([1, 1, 1], [1, 2, 3])).toBeNaN()
  })

  it.each([2, 3, 17, 64, 101])('agrees with the definition on %i values with ties', (count) => {
    const numbers = Array.from({ length: count }, (_, i) => Math.floor(i / 2))
    const { uniform } = randoms(count)
    const shuffled = () => numbers.toSorted(() => uniform() - 0.5)
    const x = shuffled()
    const y = shuffled().map((value, i) => Math.floor((value + x[i]) / 3))
    const expected = kendallByDefinition(x, y)
    if (Number.isNaN(expected)) expect(kendall(x, y)).toBeNaN()
    else expect(kendall(x, y)).toBeCloseTo(expected, 12)
  })
})

/** (concordant - discordant) / sqrt(pairs untied in x * pairs untied in y), pair by pair. */
function kendallByDefinition(x: number[], y: number[]): number {
  let difference = 0
  let untiedX = 0
  let untiedY = 0
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      difference += Math.sign(x[i] - x[j]) * Math.sign(y[i] - y[j])
      if (x[i] !== x[j]) untiedX++
      if (y[i] !== y[j]) untiedY++
    }
  }
  return difference / Math.sqrt(untiedX * untiedY)
}
