import { describe, expect, it, test } from 'vitest'
import { loadPredictor, type Predictor } from '../predictor.js'
import type { PredictorFile } from '../predictor-file.js'
import type { Sample } from '../sample.js'
import { measuredRecord, synthetic } from '../synthetic.fixture.js'
import { trainPredictor } from '../train.js'
import { TrainingRecords } from '../training-records.js'
import { costOf } from './cost-sum.js'

/** The latency by the number of kernels: none of the features alone tells a slow network, nor do the MACs. */
const byCounts = ({ features, ...sample }: Sample): Sample => {
  const counts = Object.entries(features).filter(([name]) => name.endsWith('count'))
  const kernels = counts.reduce((sum, [, count]) => sum + count, 0)
  return { ...sample, features, latency_ms: 0.5 + 0.1 * kernels }
}

const samples = synthetic(400, 0)
  .map(byCounts)
  .sort((a, b) => a.latency_ms - b.latency_ms)
const fast = samples.slice(0, 200).filter((_, i) => i % 3 === 0)
const slowest = samples.slice(-40)

type Kind = Parameters<typeof trainPredictor>[1]['model']

/** Tests share the predictors of the fastest half. */
const trained = new Map<Kind, Promise<PredictorFile>>()

function fileOf(model: Kind, training: readonly Sample[]): Promise<PredictorFile> {
  const known = training === fast ? trained.get(model) : undefined
  const file = known ?? trainAnew(model, training)
  if (training === fast) trained.set(model, file)
  return file
}

async function trainAnew(model: Kind, training: readonly Sample[]): Promise<PredictorFile> {
  const records = new TrainingRecords()
  for (const sample of training) records.add(measuredRecord(sample))
  return trainPredictor(records.training(), { model, latencyScale: 'linear', folds: 5, seed: 0 })
}

const load = (file: PredictorFile) => loadPredictor(JSON.stringify(file))

/** What becomes of networks: the shares that are refused, in their intervals, and outside of them. */
function outcomes(predictor: Predictor, tested: readonly Sample[]) {
  const shares = { refused: 0, inside: 0, outside: 0 }
  for (const sample of tested) {
    shares[outcome(predictor, sample)] += 1 / tested.length
  }
  return shares
}

function outcome(predictor: Predictor, sample: Sample): 'refused' | 'inside' | 'outside' {
  try {
    const { low_ms = NaN, high_ms = NaN } = predictor.predict(measuredRecord(sample))
    return low_ms <= sample.latency_ms && sample.latency_ms <= high_ms ? 'inside' : 'outside'
  } catch (error) {
    expect(error).toMatchObject({ code: 'out-of-domain' })
    return 'refused'
  }
}

describe.each(['flops', 'linear', 'ridge', 'lut', 'additive', 'gp', 'gbdt', 'auto'] as const)(
  '%s, trained on the fastest half',
  (model) => {
    it('refuses the slowest tenth, or its intervals hold', async () => {
      const { inside, outside } = outcomes(load(await fileOf(model, fast)), slowest)
      expect(outside).toBeLessThanOrEqual(0.15 * (inside + outside))
    })
  },
)

/** Networks that are slower or faster than a sum says. */
const bent = (all: readonly Sample[], from: number, to: number, factor: number): Sample[] =>
  all.slice(from, to).map((sample) => ({ ...sample, latency_ms: factor * sample.latency_ms }))

describe.each(['lut', 'additive'] as const)('%s', (model) => {
  const holds = async (training: readonly Sample[], tested: readonly Sample[]) => {
    const { inside, outside } = outcomes(load(await fileOf(model, training)), tested)
    expect(outside).toBeLessThanOrEqual(0.15 * (inside + outside))
  }

  it('allows for networks that are slower than the sum of their parts', async () => {
    await holds(fast, bent(samples, 200, 400, 1.25))
  })

  it('allows for networks that are faster than the least sum', async () => {
    const slow = samples.slice(200).filter((_, i) => i % 3 === 0)
    await holds(slow, bent(samples, 0, 40, 0.3))
  })
})

test('an interval reaches to the sum of costs, and on the other side no farther', async () => {
  const file = await fileOf('gbdt', fast)
  const predictor = load(file)
  const longest = Math.max(...fast.map(({ latency_ms }) => latency_ms))
  const slower = samples.filter(({ latency_ms }) => latency_ms > 1.2 * longest)
  const ratios = slower.map((sample) => {
    const { low_ms = NaN, latency_ms, high_ms = NaN } = predictor.predict(measuredRecord(sample))
    expect(high_ms).toBeGreaterThan(sample.latency_ms)
    return [low_ms / latency_ms, high_ms / latency_ms]
  })
  for (const [low, high] of ratios) expect(1 - low).toBeLessThan(high - 1)
})

test('a kind that sees no difference is corrected by the sum of costs', async () => {
  const file = await fileOf('flops', fast)
  const { cost_sum, ...rest } = file.domain ?? { rates: {} }
  expect(cost_sum).toBeDefined()
  expect(outcomes(load({ ...file, domain: rest }), slowest).outside).toBeGreaterThan(0.3)
  expect(outcomes(load(file), slowest).outside).toBeLessThan(0.1)
})

test('within the training set nothing changes', async () => {
  const file = await fileOf('flops', samples)
  const { cost_sum, ...rest } = file.domain ?? { rates: {} }
  expect(cost_sum).toBeDefined()
  const [now, before] = [load(file), load({ ...file, domain: rest })]
  for (const sample of samples.slice(40, 360)) {
    const record = measuredRecord(sample)
    expect({ ...now.predict(record), predictor: '' }).toEqual({
      ...before.predict(record),
      predictor: '',
    })
  }
})

test('a network that lacks a feature of the sum has none', () => {
  const sum = { base_ms: 1, ms: { a: 2, b: 3 } }
  expect(costOf(sum, { a: 1, b: 2, c: 9 })).toBe(9)
  expect(costOf(sum, { a: 1 })).toBeUndefined()
})
