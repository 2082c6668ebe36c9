import { describe, expect, it, test } from 'vitest'
import { twoGroupsOf } from './groups.js'
import { outliersOf } from './outliers.js'
import { quarrelsOf } from './repeats.js'
import type { Sample } from './sample.js'
import { synthetic } from './synthetic.fixture.js'

/** The samples with the latencies at some indices multiplied. */
function scaled(
  samples: readonly Sample[],
  factor: number,
  at: (index: number) => boolean,
): Sample[] {
  return samples.map((sample, index) => ({
    ...sample,
    latency_ms: at(index) ? factor * sample.latency_ms : sample.latency_ms,
  }))
}

describe('outliersOf', () => {
  const sixty = synthetic(60, 0.02)

  it('finds none in measurements with ordinary noise', () => {
    for (const count of [5, 12, 60]) expect(outliersOf(synthetic(count, 0.05, 4)).size).toBe(0)
  })

  it.each([1e-3, 1e3, 1 / 40, 40])(
    'finds a latency that is wrong by %d, and what is right',
    (factor) => {
      const found = outliersOf(scaled(sixty, factor, (index) => index === 17))
      expect([...found.keys()]).toEqual([17])
      expect(Math.abs(Math.log((found.get(17) ?? 0) / sixty[17].latency_ms))).toBeLessThan(0.3)
    },
  )

  it('finds several, up to a tenth', () => {
    const found = outliersOf(scaled(sixty, 1e-3, (index) => index % 12 === 5))
    expect([...found.keys()]).toEqual([5, 17, 29, 41, 53])
  })

  it('finds features that are wrong', () => {
    const [first, ...others] = synthetic(12, 0.02)
    const features = Object.fromEntries(Object.keys(first.features).map((name) => [name, 1e17]))
    expect([...outliersOf([{ ...first, features }, ...others]).keys()]).toEqual([0])
  })

  it('finds a wrong repeat of a network, and keeps the right one', () => {
    const repeat = { ...sixty[3], latency_ms: 1e3 * sixty[3].latency_ms }
    expect([...outliersOf([...sixty, repeat]).keys()]).toEqual([60])
  })
})

describe('twoGroupsOf', () => {
  const samples = synthetic(60, 0.02, 3)

  it.each([
    [1e-3, 3],
    [1e3, 2],
    [1e-3, 5],
  ])('finds every network in another unit: times %d, one of %d', (factor, nth) => {
    const groups = twoGroupsOf(scaled(samples, factor, (index) => index % nth === 0))
    const [fast, slow] = [groups?.fast.length, groups?.slow.length]
    expect(factor < 1 ? fast : slow).toBe(60 / nth)
    expect(Math.abs(Math.log((groups?.factor ?? 1) / 1000))).toBeLessThan(0.7)
  })

  it('finds none in one unit, nor if the features tell the groups apart', () => {
    expect(twoGroupsOf(samples)).toBeUndefined()
    const large = samples.map((sample, index) => {
      if (index % 2) return sample
      const features = Object.fromEntries(
        Object.entries(sample.features).map(([name, value]) => [name, 1e3 * value]),
      )
      return { ...sample, features, latency_ms: 1e6 * sample.latency_ms }
    })
    expect(twoGroupsOf(large)).toBeUndefined()
  })
})

test('quarrelsOf names networks whose measurements differ by more than the noise', () => {
  const repeat = (id: string, ...latencies: number[]) =>
    latencies.map((latency_ms) => ({ id, features: {}, latency_ms }))
  const usual = [...repeat('a', 1, 1.02), ...repeat('b', 2, 2.1), ...repeat('alone', 9)]
  expect(quarrelsOf(usual)).toEqual([])
  expect(quarrelsOf([...usual, ...repeat('c', 12, 30, 13)])).toEqual([
    { id: 'c', count: 3, min_ms: 12, max_ms: 30 },
  ])
  const chains = [1, 9].map((count) => ({ id: 'kernel', features: { count }, latency_ms: count }))
  expect(quarrelsOf(chains)).toEqual([])
})
