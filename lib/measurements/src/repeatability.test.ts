import { expect, test } from 'vitest'
import { repeatability } from './repeatability.js'
import { randoms } from './synthetic.fixture.js'

test('the bias stands apart from the differences', () => {
  const first = [1, 2, 3, 4, 5]
  const second = first.map((latency) => 1.1 * latency)
  const found = repeatability(first, second)
  expect(Math.exp(found.bias)).toBeCloseTo(1.1)
  expect(found.p90Difference).toBeCloseTo(0)
})

test('the noise of one visit and the floor of MAPE come from the differences of two', () => {
  const { normal } = randoms(5)
  const visit = () => Array.from({ length: 4000 }, () => Math.exp(0.02 * normal()))
  const { noise, mapeFloor } = repeatability(visit(), visit())
  expect(noise).toBeCloseTo(0.02, 2.8)
  expect(mapeFloor / noise).toBeCloseTo(0.798, 3)
})
