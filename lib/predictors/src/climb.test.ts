import { expect, it } from 'vitest'
import { climb } from './climb.js'

it('finds the maximum, however different the scales of the slope are', () => {
  // The slope of -(x - 2)^2 - 1e6 (y + 1)^2.
  const found = climb(Float64Array.of(0, 0), 60, ([x, y]) =>
    Float64Array.of(-2 * (x - 2), -2e6 * (y + 1)),
  )
  expect(found[0]).toBeCloseTo(2, 2)
  expect(found[1]).toBeCloseTo(-1, 2)
})
