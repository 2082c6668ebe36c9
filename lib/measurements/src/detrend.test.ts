import { describe, expect, test } from 'vitest'
import { detrend, type Visit } from './detrend.js'
import { medianOf, quantileOf } from './order-statistics.js'
import { campaign, type Campaign } from './synthetic.fixture.js'

const NORMAL: Campaign['noise'] = ({ normal }) => 0.004 * normal()

/** The errors of a synthetic campaign, without its common scale, and the share of intervals that hold. */
function judge(of: Campaign) {
  const { truth, visits } = campaign(of)
  const { networks, factors, ...run } = detrend(visits)
  const logs = [...truth].map(([id, log]) => Math.log(networks.get(id)?.latency_ms ?? NaN) - log)
  const scale = medianOf(logs)
  const errors = logs.map((log) => Math.abs(log - scale))
  const held = [...truth].filter(([id, log]) => {
    const [low, high] = networks.get(id)?.ci95 ?? [NaN, NaN]
    return Math.log(low) <= log + scale && log + scale <= Math.log(high)
  })
  const error = errors.reduce((sum, one) => sum + one, 0) / errors.length
  return {
    ...run,
    error,
    p90: quantileOf(errors, 0.9),
    holds: held.length / truth.size,
    factors,
    networks,
  }
}

describe('synthetic campaigns', () => {
  test('no drift: plain medians of the visits', () => {
    const { error, holds, drift, clockSteps, factors } = judge({
      networks: 200,
      passes: 2,
      noise: NORMAL,
    })
    expect(factors.every((factor) => factor === 1)).toBe(true)
    expect({ drift, clockSteps }).toEqual({ drift: 0, clockSteps: 0 })
    // The mean of two: .798 * .4% / sqrt(2) = .23%.
    expect(error).toBeLessThan(0.003)
    expect(holds).toBeGreaterThan(0.92)
  })

  test('known steps: the levels are found, and the intervals hold', () => {
    const trend = (time: number) => (time < 0.3 ? 0 : time < 0.62 ? 0.1 : 0.04)
    const found = judge({ networks: 200, passes: 2, trend, noise: NORMAL })
    expect(found.clockSteps).toBe(2)
    expect(found.drift).toBeCloseTo(Math.expm1(0.1), 1)
    expect(found.error).toBeLessThan(0.0035)
    expect(found.holds).toBeGreaterThan(0.91)
  })

  test('known drift: it is taken out without steps', () => {
    const trend = (time: number) => 0.12 * (1 - Math.exp(-4 * time))
    const found = judge({ networks: 200, passes: 2, trend, noise: NORMAL })
    expect(found.clockSteps).toBe(0)
    expect(found.drift).toBeGreaterThan(0.1)
    expect(found.error).toBeLessThan(0.004)
    expect(found.holds).toBeGreaterThan(0.91)
  })

  test('a trend that gains less than it must is not taken out', () => {
    const trend = (time: number) => 0.012 * time
    const { visits } = campaign({ networks: 200, passes: 2, trend, noise: NORMAL })
    expect(detrend(visits).drift).toBeGreaterThan(0.01)
    expect(detrend(visits, 0.5).drift).toBe(0)
  })

  test('heavy tails: visits far off leave the others as they are', () => {
    const noise: Campaign['noise'] = ({ normal, uniform }) =>
      (uniform() < 0.05 ? 20 : 1) * 0.004 * normal()
    const trend = (time: number) => 0.08 * time
    const found = judge({ networks: 200, passes: 2, trend, noise })
    expect(found.p90).toBeLessThan(0.03)
    expect(found.holds).toBeGreaterThan(0.92)
    expect([...found.networks.values()].some(({ outliers }) => outliers === 2)).toBe(true)
  })

  test('three passes: the intervals are of the visits of each network', () => {
    const trend = (time: number) => (time < 0.5 ? 0 : 0.1)
    const found = judge({ networks: 100, passes: 3, trend, noise: NORMAL })
    expect(found.error).toBeLessThan(0.0035)
    expect(found.holds).toBeGreaterThan(0.9)
  })

  test('two days far apart, with other networks in common', () => {
    const { truth, visits } = campaign({ networks: 40, passes: 2, noise: NORMAL })
    const later = visits.map((visit) =>
      visit.time < 0.5
        ? visit
        : { ...visit, time: visit.time + 1000, latency_ms: 1.2 * visit.latency_ms },
    )
    const { networks, clockSteps } = detrend(later)
    const logs = [...truth].map(([id, log]) => Math.log(networks.get(id)?.latency_ms ?? NaN) - log)
    expect(clockSteps).toBe(1)
    expect(quantileOf(logs, 1) - quantileOf(logs, 0)).toBeLessThan(0.03)
  })
})

describe('networks that were added on another day', () => {
  const there = campaign({ networks: 40, passes: 2, noise: NORMAL })
  const added = campaign({ networks: 3, passes: 2, noise: NORMAL, seed: 2 })
  const later = added.visits.map((visit) => ({
    ...visit,
    network: `added-${visit.network}`,
    time: visit.time / 10 + 5,
  }))

  test('which has no network in common: their visits as they are', () => {
    const { networks } = detrend([...there.visits, ...later])
    for (const [id, log] of added.truth) {
      expect(Math.log(networks.get(`added-${id}`)?.latency_ms ?? NaN)).toBeCloseTo(log, 1.3)
    }
  })

  test('the warm-up of the first day is no trend of the other', () => {
    const warm = there.visits.map(({ latency_ms, ...visit }) => ({
      ...visit,
      latency_ms: latency_ms * (1 + 2 * Math.exp(-9 * visit.time)),
    }))
    const { networks, factors } = detrend([...warm, ...later])
    expect(factors.slice(warm.length)).toEqual(later.map(() => 1))
    for (const [id, log] of added.truth) {
      expect(Math.log(networks.get(`added-${id}`)?.latency_ms ?? NaN)).toBeCloseTo(log, 1.3)
    }
    const alone = detrend(warm).networks
    for (const id of alone.keys())
      expect(networks.get(id)?.latency_ms).toBe(alone.get(id)?.latency_ms)
  })

  test('with one visit only: they have the trend of the nearer day', () => {
    const single = { network: 'single', time: 4, latency_ms: 1 }
    expect(detrend([...there.visits, single, ...later]).factors).not.toContain(NaN)
  })
})

test('the order of the visits does not matter', () => {
  const trend = (time: number) => (time < 0.5 ? 0 : 0.1)
  const { visits } = campaign({ networks: 30, passes: 2, trend, noise: NORMAL })
  const there = detrend(visits).networks
  const back = detrend([...visits].reverse()).networks
  for (const [network, { latency_ms }] of there) {
    expect(back.get(network)?.latency_ms).toBe(latency_ms)
  }
})

test('three visits without a trend: t over the logarithms, by hand', () => {
  const visits = [1, Math.E, Math.E ** 2].map((latency_ms, time) => ({
    network: 'a',
    time,
    latency_ms,
  }))
  const only = detrend(visits).networks.get('a')
  expect(only?.latency_ms).toBeCloseTo(Math.E)
  // Mean 1, deviation 1: 1 -+ 4.3027 / sqrt(3).
  expect(only?.ci95?.map(Math.log)).toEqual([expect.closeTo(-1.484, 3), expect.closeTo(3.484, 3)])
})

test('two visits to few networks: the scale is pooled over them, and the interval holds both visits', () => {
  const visits: Visit[] = [0.01, 0.02, 0.5].flatMap((difference, i) => [
    { network: `${i}`, time: i, latency_ms: 1 },
    { network: `${i}`, time: 10 + i, latency_ms: Math.exp(difference) },
  ])
  const { networks } = detrend(visits)
  // s = sqrt((.01^2 + .02^2 + .5^2) / 2 / 3) = .20433; t(3) = 3.1824; 3.1824 * s / sqrt(2) = .45981.
  expect(Math.log(networks.get('0')?.ci95?.[1] ?? 0)).toBeCloseTo(0.005 + 0.45981, 4)
})

test('one visit has no interval, but the trend that others tell of is taken out of it', () => {
  const trend = (time: number) => (time < 0.5 ? 0 : 0.2)
  const { visits } = campaign({ networks: 60, passes: 2, trend, noise: NORMAL })
  const { networks } = detrend([
    ...visits,
    { network: 'early', time: 0.2001, latency_ms: 1 },
    { network: 'late', time: 0.8001, latency_ms: Math.exp(0.2) },
  ])
  const [early, late] = ['early', 'late'].map((name) => networks.get(name))
  expect(early?.ci95).toBeUndefined()
  expect((late?.latency_ms ?? 0) / (early?.latency_ms ?? 1)).toBeCloseTo(1, 1.9)
})

test('nothing but one visit, and visits that are all the same', () => {
  expect(
    detrend([{ network: 'a', time: 0, latency_ms: 3 }]).networks.get('a')?.latency_ms,
  ).toBeCloseTo(3)
  const same = campaign({ networks: 20, passes: 2, noise: () => 0 })
  const { networks } = detrend(same.visits)
  for (const [id, log] of same.truth) {
    expect(networks.get(id)?.ci95?.map(Math.log)).toEqual([
      expect.closeTo(log),
      expect.closeTo(log),
    ])
  }
})
