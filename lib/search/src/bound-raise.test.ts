import { expect, test } from 'vitest'
import { BoundRaise, type Tried } from './bound-raise.js'

/**
 * A hundred networks: the value grows with the latency. Of every fifth one, it is twice as large: few others
 * beat those.
 *
 * @param excessOf of the i-th network, which is flattered or not
 */
function tried(excessOf: (i: number, isFlattered: boolean) => number): Tried[] {
  return Array.from({ length: 100 }, (_, i) => {
    const isFlattered = i % 5 === 0
    const latency_ms = 10 + i
    return {
      latency_ms,
      value: (isFlattered ? 2 : 1) * latency_ms,
      excess: excessOf(i, isFlattered),
    }
  })
}

test('bounds stay if the best networks break them no more often than the risk explains', () => {
  // Four of the 20: by chance at risk .1 one time in eight.
  const honest = new BoundRaise(
    tried((i, isFlattered) => (isFlattered && i < 20 ? 1.5 : 0.9)),
    0.1,
  )
  expect(honest.largest).toBeUndefined()
  expect([1, 50, 1000].map((latency) => honest.factorAt(latency))).toEqual([1, 1, 1])
})

test('they stay if only networks break them that no search would propose', () => {
  const honest = new BoundRaise(
    tried((_, isFlattered) => (isFlattered ? 0.9 : 1.5)),
    0.1,
  )
  expect(honest.largest).toBeUndefined()
})

test('they are raised by the worst excess of the best networks', () => {
  const raise = new BoundRaise(
    tried((i, isFlattered) => (isFlattered && i < 25 ? 1.5 + i / 100 : i === 51 ? 9 : 0.9)),
    0.1,
  )
  expect(raise.alike).toBe(20)
  expect(raise.largest).toMatchObject({ broken: 5 })
  expect(raise.factorAt(50)).toBeCloseTo(1.7)
  // A larger risk explains as many.
  expect(
    new BoundRaise(
      tried((i, isFlattered) => (isFlattered && i < 25 ? 1.5 : 0.9)),
      0.3,
    ).largest,
  ).toBeUndefined()
})

test('where a predictor knows the objective only, the nearest latencies decide', () => {
  // No network beats another: the faster half breaks its bounds.
  const line = Array.from({ length: 100 }, (_, i) => ({
    latency_ms: 10 + i,
    value: 10 + i,
    excess: i < 50 ? 1 + i / 100 : 0.9,
  }))
  const raise = new BoundRaise(line, 0.1)
  expect(raise.factorAt(1)).toBeCloseTo(1.19)
  expect(raise.factorAt(40)).toBeGreaterThan(1.3)
  expect(raise.factorAt(90)).toBe(1)
})

test('nothing is known without networks', () => {
  expect(new BoundRaise([], 0.1).factorAt(20)).toBe(1)
})
