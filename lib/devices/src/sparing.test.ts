import { expect, test, vi } from 'vitest'
import { Sparing } from './sparing.js'

test('a low battery is charged well beyond its limit before measuring goes on', () => {
  const sparing = new Sparing({ charge: { min: 30, until: 50 } })
  const problems = [31, 30, 29, 30, 49, 50, 49].map((percent) => sparing.chargeProblem(percent))
  const low = (percent: number) => `its battery is at ${percent}%: it goes on at 50%`
  expect(problems).toEqual([undefined, undefined, low(29), low(30), low(49), undefined, undefined])
})

test('a limit on a charge that nobody knows is wrong usage; without a limit, it need not be known', () => {
  const sparing = new Sparing({ charge: { min: 30, until: 50 } })
  expect(() => sparing.chargeProblem(undefined)).toThrow('does not tell the charge')
  expect(new Sparing({}).chargeProblem(undefined)).toBeUndefined()
})

test('devices of one machine rest together, each as long as it needs', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const [one, other] = [new Sparing({ rest: 2 }), new Sparing({ rest: 5 })]
  expect(one.restMs('phone of this test')).toBe(0)
  one.end('phone of this test')
  vi.advanceTimersByTime(1500)
  expect(one.restMs('phone of this test')).toBe(500)
  expect(other.restMs('phone of this test')).toBe(3500)
  expect(other.restMs('another phone')).toBe(0)
  expect(new Sparing({}).restMs('phone of this test')).toBe(0)
  vi.advanceTimersByTime(600)
  expect(one.restMs('phone of this test')).toBe(0)
  vi.useRealTimers()
})
