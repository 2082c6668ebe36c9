import { describe, expect, it, test } from 'vitest'
import { crossValidate } from '../cross-validate.js'
import { foldsOf } from '../folds.js'
import { metricsOf } from '../metrics.js'
import type { PredictorKind } from '../kind.js'
import { LATENCY_SCALES, type LatencyScale } from '../model.js'
import type { Sample } from '../sample.js'
import { synthetic } from '../synthetic.fixture.js'
import { findKind, PREDICTOR_KINDS } from './index.js'
import { PREDICTOR_KIND_NAMES, PREDICTOR_KIND_SUMMARIES } from './names.js'

const { flops, linear, ridge } = PREDICTOR_KINDS

async function mapeOf(
  kind: PredictorKind,
  samples: Sample[],
  latencyScale: LatencyScale = 'linear',
): Promise<number> {
  const folds = foldsOf(samples, 10, 0)
  const { predicted } = await crossValidate(kind, samples, folds, { latencyScale, seed: 0 })
  return metricsOf(
    samples.map(({ latency_ms }) => latency_ms),
    predicted,
  ).mape_percent
}

/** A predictor of another device that runs the same networks. */
async function referencesOf(samples: Sample[]) {
  const model = await ridge.fit(samples, { latencyScale: 'linear', seed: 0 })
  const parameters = JSON.parse(JSON.stringify(model)) as object
  const saved = { model: 'ridge', target: 'linear', parameters } as const
  return [{ name: 'other', model, saved }]
}

// Neural networks take minutes to train: neural.test.ts tests smaller ones.
const QUICK = PREDICTOR_KIND_NAMES.filter((name) => name !== 'mlp' && name !== 'gcn')

describe('every kind', () => {
  const cases = QUICK.flatMap((name) =>
    LATENCY_SCALES.map((latencyScale) => ({ name, latencyScale })),
  )

  it.each(cases)(
    '$name, $latencyScale: predicts exactly the same after loading',
    async (options) => {
      const { name, latencyScale } = options
      const samples = synthetic(40, 0.02)
      const references = await referencesOf(synthetic(40, 0.02, 3))
      const model = await PREDICTOR_KINDS[name].fit(samples, { latencyScale, seed: 0, references })
      const parameters = JSON.parse(JSON.stringify(model)) as object
      const reloaded = PREDICTOR_KINDS[name].fromJSON(parameters, latencyScale, findKind)
      for (const { features, kernels } of synthetic(20, 0, 2)) {
        expect(reloaded.estimate(features, kernels)).toBe(model.estimate(features, kernels))
        expect(reloaded.uncertainty?.(features, kernels)).toBe(
          model.uncertainty?.(features, kernels),
        )
      }
    },
  )

  const byFeatures = cases.filter(({ name }) => !PREDICTOR_KINDS[name].usesKernels)

  it.each(byFeatures)(
    '$name, $latencyScale: accepts features that are all constant',
    async (options) => {
      const { name, latencyScale } = options
      const samples = [2, 2, 2].map((latency_ms, i) => ({
        id: `${i}`,
        features: { macs: 7, kernels: 3 },
        latency_ms,
      }))
      const references = await referencesOf(samples)
      const model = await PREDICTOR_KINDS[name].fit(samples, { latencyScale, seed: 0, references })
      expect(model.estimate({ macs: 7, kernels: 3 })).toBeCloseTo(2, 12)
    },
  )
})

describe('flops', () => {
  const onLine = (latency: (macs: number) => number) =>
    [1, 2, 5, 10, 40].map((giga, i): Sample => {
      const macs = giga * 1e9
      return { id: `${i}`, features: { macs, other: i }, latency_ms: latency(macs) }
    })

  it('recovers a line', async () => {
    const model = await flops.fit(
      onLine((macs) => 3 + macs / 1e9),
      { latencyScale: 'linear', seed: 0 },
    )
    expect(model.estimate({ macs: 2e10 })).toBeCloseTo(23, 9)
  })

  it('recovers a power law on the log scale', async () => {
    const power = (macs: number) => 1e-5 * macs ** 0.7
    const model = await flops.fit(onLine(power), { latencyScale: 'log', seed: 0 })
    expect(model.estimate({ macs: 2e10 }) / power(2e10)).toBeCloseTo(1, 6)
  })

  it('uses the MACs alone', async () => {
    const model = await flops.fit(
      onLine((macs) => macs / 1e9),
      { latencyScale: 'linear', seed: 0 },
    )
    expect(() => model.check({ macs: 1, unheard_of: 1 })).not.toThrow()
    expect(() => model.check({ other: 1 })).toThrow(
      expect.objectContaining({ code: 'missing-feature' }) as Error,
    )
  })

  it('weighs errors relative to the latency', async () => {
    // One slow point is off by 100 of 1000 ms: absolute errors would follow it.
    const samples = onLine((macs) => macs / 1e9)
    samples.push({ id: 'far', features: { macs: 1e12, other: 9 }, latency_ms: 1100 })
    const model = await flops.fit(samples, { latencyScale: 'linear', seed: 0 })
    expect(model.estimate({ macs: 1e9 })).toBeGreaterThan(0.95)
    expect(model.estimate({ macs: 1e9 })).toBeLessThan(1.05)
  })
})

describe('ridge', () => {
  it('recovers a linear latency', async () => {
    expect(await mapeOf(ridge, synthetic(100, 0))).toBeLessThan(0.01)
  })

  it('is nearly as accurate as the noise allows, unlike the proxy', async () => {
    const samples = synthetic(200, 0.02)
    // The mean of |normal| with a deviation of 2% is 1.6%.
    expect(await mapeOf(ridge, samples)).toBeLessThan(1.8)
    expect(await mapeOf(flops, samples)).toBeGreaterThan(10)
  })

  it('is accurate with fewer samples than features, unlike least squares', async () => {
    const samples = synthetic(60, 0.02).map((sample, index) => ({
      ...sample,
      features: { ...sample.features, ...noiseFeatures(index) },
    }))
    const own = await mapeOf(ridge, samples)
    expect(own).toBeLessThan(10)
    expect(await mapeOf(linear, samples)).toBeGreaterThan(10 * own)
    expect(await mapeOf(flops, samples)).toBeGreaterThan(3 * own)
  })

  it('weighs errors relative to the latency', async () => {
    // The three slowest are off by 10%: absolute errors would follow them.
    const latencies = Array.from({ length: 40 }, (_, i) => (i < 37 ? 1 + i / 4 : 1000 + 10 * i))
    const samples = latencies.map((latency, i): Sample => {
      const latency_ms = i < 37 ? latency : 1.1 * latency
      return { id: `${i}`, features: { macs: latency * 1e9 }, latency_ms }
    })
    const model = await ridge.fit(samples, { latencyScale: 'linear', seed: 0 })
    expect(model.estimate({ macs: 1e9 })).toBeGreaterThan(0.95)
    expect(model.estimate({ macs: 1e9 })).toBeLessThan(1.05)
  })

  it('chooses a stronger penalty for more noise', async () => {
    const strengthFor = async (noise: number) => {
      const model = await ridge.fit(synthetic(60, noise), { latencyScale: 'linear', seed: 0 })
      return (model.toJSON() as { strength: number }).strength
    }
    expect(await strengthFor(0.2)).toBeGreaterThan(await strengthFor(0))
  })

  it('shares the weight between collinear columns', async () => {
    const samples = synthetic(60, 0.01).map(({ features: { macs }, ...sample }) => ({
      ...sample,
      features: { macs, flops: 2 * macs },
    }))
    const model = await ridge.fit(samples, { latencyScale: 'linear', seed: 0 })
    const { features } = model.toJSON() as { features: { weight: number }[] }
    expect(features[0].weight).toBeGreaterThan(0)
    expect(features[0].weight / features[1].weight).toBeCloseTo(1, 6)
  })

  it('predicts positive latencies on the log scale, and beats the proxy', async () => {
    const samples = synthetic(200, 0.02)
    expect(await mapeOf(ridge, samples, 'log')).toBeLessThan(await mapeOf(flops, samples, 'log'))
    const model = await ridge.fit(samples, { latencyScale: 'log', seed: 0 })
    const nothing = Object.fromEntries(Object.keys(samples[0].features).map((name) => [name, 0]))
    expect(model.estimate(nothing)).toBeGreaterThan(0)
  })
})

/** Sixty features that are unrelated to the latency. */
function noiseFeatures(index: number): Record<string, number> {
  const entries = Array.from({ length: 60 }, (_, i) => [
    `noise_${i}`,
    Math.sin((index + 1) * (i + 1) * 12.9898) * 1e4,
  ])
  return Object.fromEntries(entries) as Record<string, number>
}

test('the summary of auto names the kinds that it tries', () => {
  const kinds: [string, PredictorKind][] = Object.entries(PREDICTOR_KINDS)
  const tried = kinds.filter(([, kind]) => kind.autoMinSamples !== undefined).map(([name]) => name)
  const named = /the best of (.*) by/.exec(PREDICTOR_KIND_SUMMARIES.auto)?.[1].split(/, | and /)
  expect(named).toEqual(tried)
})

describe('transfer', () => {
  const device = (scale: number, overhead: number) =>
    synthetic(60, 0.01, 5).map((sample) => ({
      ...sample,
      latency_ms: scale * sample.latency_ms + overhead,
    }))
  const all = device(3, 2)
  const errorOf = async (few: Sample[]) => {
    const references = await referencesOf(device(1, 0))
    const model = await PREDICTOR_KINDS.transfer.fit(few, {
      latencyScale: 'linear',
      seed: 0,
      references,
    })
    const rest = all.slice(10)
    return metricsOf(
      rest.map(({ latency_ms }) => latency_ms),
      rest.map(({ features }) => model.estimate(features)),
    ).median_ape_percent
  }

  it('predicts a device from ten measurements and a predictor of another', async () => {
    expect(await errorOf(all.slice(0, 10))).toBeLessThan(3)
  })

  it('is robust to an outlier', async () => {
    const few = all.slice(0, 10)
    few[3] = { ...few[3], latency_ms: 8 * few[3].latency_ms }
    expect(await errorOf(few)).toBeLessThan(5)
  })

  it('needs references', async () => {
    await expect(
      PREDICTOR_KINDS.transfer.fit(all, { latencyScale: 'linear', seed: 0 }),
    ).rejects.toThrow('--reference')
  })
})

describe('additive and gp', () => {
  const wrong = (samples: Sample[]) =>
    samples.map((sample, i) => ({
      ...sample,
      latency_ms: i % 20 === 7 ? sample.latency_ms / 5 : sample.latency_ms,
    }))
  const clean = synthetic(200, 0, 9)
  const medianOf = async (kind: PredictorKind, samples: Sample[]) => {
    const model = await kind.fit(samples, { latencyScale: 'linear', seed: 0 })
    return metricsOf(
      clean.map(({ latency_ms }) => latency_ms),
      clean.map(({ features }) => model.estimate(features)),
    ).mape_percent
  }

  it.each(['additive', 'gp'] as const)(
    '%s is robust to one wrong latency in twenty',
    async (name) => {
      const samples = wrong(synthetic(120, 0.01))
      expect(await medianOf(PREDICTOR_KINDS[name], samples)).toBeLessThan(2)
      expect(await medianOf(ridge, samples)).toBeGreaterThan(5)
    },
  )
})
