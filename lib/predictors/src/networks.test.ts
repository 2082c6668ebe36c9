import { expect, test } from 'vitest'
import { mapeFloor } from './label-noise.js'
import { networksOf } from './networks.js'
import { outliersOf } from './outliers.js'
import type { Sample } from './sample.js'
import { synthetic } from './synthetic.fixture.js'
import { trainPredictor } from './train.js'

const OPTIONS = { model: 'additive', latencyScale: 'linear', folds: 5, seed: 0 } as const

const set = (samples: readonly Sample[]) => ({
  device: 'node',
  conditions: {},
  differences: [],
  environment: {},
  spaces: [],
  statistic: 'median' as const,
  samples,
})

test('a network counts once, however often it was measured', async () => {
  const once = synthetic(30, 0.02)
  // An anchor with many visits weighs as much as the others.
  const often = [...once, ...once, ...Array.from({ length: 40 }, () => once[0])]
  const [single, many] = await Promise.all(
    [once, often].map((samples) => trainPredictor(set(samples), OPTIONS)),
  )
  expect(many.training).toEqual({ ...single.training, measurements: 100 })
  expect(many.parameters).toEqual(single.parameters)
  expect(many.cross_validation.metrics).toEqual(single.cross_validation.metrics)
})

test('the latency of a network is the median of its measurements; lengths of a chain stay apart', () => {
  const visit = (latency_ms: number, length = 1) => ({ id: 'a', features: { length }, latency_ms })
  const joined = networksOf([visit(1), visit(5, 9), visit(3), visit(2)])
  expect(joined.map(({ latency_ms }) => latency_ms)).toEqual([2, 5])
})

test('a tenth of the networks can be wrong, not of the visits', () => {
  const visits = synthetic(20, 0.02).flatMap((sample) => [sample, sample, sample])
  const wrong = visits.map((sample, index) =>
    index < 9 ? { ...sample, latency_ms: 1e3 * sample.latency_ms } : sample,
  )
  // Three of 20 networks are a group of their own; two are outliers, with all their visits.
  expect(outliersOf(wrong).size).toBe(0)
  expect(outliersOf([...wrong.slice(0, 6), ...visits.slice(6)]).size).toBe(6)
})

test('the floor of MAPE: .798 of the noise of the latencies, from visits or from what detrend says', () => {
  const latencies = (sign: number) =>
    synthetic(60, 0).map((sample, i) => ({
      ...sample,
      latency_ms: sample.latency_ms * Math.exp(sign * (i % 2 ? 0.01 : -0.01)),
    }))
  const visits = [...latencies(1), ...latencies(-1)]
  // Differences of .02 on both sides: MAD .02, so a noise of 1.4826 * .02 / sqrt(2) a visit, and of two visits / sqrt(2).
  expect(mapeFloor(visits)).toBeCloseTo(100 * 0.7979 * ((1.4826 * 0.02) / 2), 3)
  const quality = { visits: 4, noise: 0.02, drift: 0, clock_steps: 0, outliers: 0 }
  expect(mapeFloor(latencies(1).map((one) => ({ ...one, quality })))).toBeCloseTo(0.798, 3)
  expect(mapeFloor(latencies(1))).toBeUndefined()
})

test('the floor of quickest runs: their own noise, by the number of visits', () => {
  const samples = synthetic(20, 0)
  const of = (quality: object) =>
    mapeFloor(
      samples.map((one) => ({ ...one, quality })),
      'min',
    )
  expect(of({ visits: 4, noise: 0.2, min_noise: 0.02 })).toBeCloseTo(0.798 / 2, 3)
  expect(of({ visits: 4, noise: 0.2 })).toBeUndefined()
})
