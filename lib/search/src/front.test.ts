import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'
import { expect, test } from 'vitest'
import { Best } from './best.js'
import { Front } from './front.js'
import { hypervolume } from './hypervolume.js'
import type { Point } from './judge.js'

/** Few distinct numbers, so that ties of both kinds are frequent. */
function points(seed: number): (Point & { name: number })[] {
  const random = mersenne(seed)
  return Array.from({ length: 60 }, (_, name) => ({
    name,
    latency_ms: uniformInt(random, 1, 12),
    value: uniformInt(random, 1, 12),
  }))
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'the front is what comparing all pairs leaves, seed %i',
  (seed) => {
    const all = points(seed)
    const front = new Front<(typeof all)[number]>()
    const grew = all.map((point) => front.add(point))
    const beats = (a: Point, b: Point): boolean =>
      a.latency_ms <= b.latency_ms &&
      a.value >= b.value &&
      (a.latency_ms < b.latency_ms || a.value > b.value)
    const isSame = (a: Point, b: Point): boolean =>
      a.latency_ms === b.latency_ms && a.value === b.value
    const expected = all
      .filter(
        (point, i) =>
          !all.some((other) => beats(other, point)) &&
          !all.slice(0, i).some((other) => isSame(other, point)),
      )
      .sort((a, b) => a.latency_ms - b.latency_ms)
    expect(front.points).toEqual(expected)
    // What is on the front now was on it when it came.
    for (const { name } of expected) expect(grew[name]).toBe(true)
    expect(grew).toContain(false)
  },
)

test('the best are the largest values, of equal ones the fastest, then the first', () => {
  const all = points(9)
  const best = new Best<(typeof all)[number]>(20)
  for (const point of all) best.add(point)
  const order = (a: (typeof all)[number], b: (typeof all)[number]): number =>
    b.value - a.value || a.latency_ms - b.latency_ms || a.name - b.name
  expect(best.points).toEqual(all.sort(order).slice(0, 20))
})

test('the hypervolume is the area below the steps of the front', () => {
  const front = [
    { latency_ms: 1, value: 2 },
    { latency_ms: 3, value: 5 },
  ]
  // By hand: from 1 to 3 ms a height of 2 - 1, from 3 to 10 ms one of 5 - 1.
  expect(hypervolume(front, { latency_ms: 10, value: 1 })).toBe(2 * 1 + 7 * 4)
  expect(hypervolume([], { latency_ms: 10, value: 1 })).toBe(0)
})
