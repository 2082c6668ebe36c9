import { expect, test } from 'vitest'
import { changePoints } from './change-points.js'
import { randoms } from './synthetic.fixture.js'

function series(count: number, level: (i: number) => number, seed = 3): number[] {
  const { normal } = randoms(seed)
  return Array.from({ length: count }, (_, i) => level(i) + 0.01 * normal())
}

test('finds the steps of a synthetic series with known ones', () => {
  const cuts = changePoints(series(600, (i) => (i < 150 ? 0 : i < 400 ? 0.08 : 0.03)))
  expect(cuts).toHaveLength(2)
  expect(Math.abs(cuts[0] - 150)).toBeLessThanOrEqual(1)
  expect(Math.abs(cuts[1] - 400)).toBeLessThanOrEqual(1)
})

test('finds none in noise', () => {
  for (let seed = 1; seed <= 20; seed++)
    expect(changePoints(series(300, () => 0, seed))).toEqual([])
})

test('a slow drift is no step if only neighbors are compared', () => {
  const drift = series(400, (i) => (0.05 * i) / 400)
  expect(changePoints(drift)).not.toEqual([])
  expect(changePoints(drift, { reach: 8 })).toEqual([])
})

test('too few values have no change', () => {
  expect(changePoints([])).toEqual([])
  expect(changePoints([1, 1, 1, 9, 9, 9])).toEqual([])
})

test('a change of one value is found among values that vary alike, and not by chance', () => {
  const nights = { fewest: 1, equalVariance: true }
  const slower = (after: number) =>
    changePoints(
      series(12, (i) => (i < 12 - after ? 0 : 0.1), 3),
      nights,
    )
  expect([1, 2, 5, 11].map(slower)).toEqual([[11], [10], [7], [1]])
  // One generator: those of seeds in a row are not independent.
  const { normal } = randoms(1)
  const quiet = Array.from({ length: 2000 }, () => Array.from({ length: 12 }, normal))
  const found = quiet.filter((values) => changePoints(values, nights).length > 0)
  expect(found.length).toBeLessThanOrEqual(6)
})
