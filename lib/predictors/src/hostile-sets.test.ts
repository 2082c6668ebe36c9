import { LetiError } from '@leti/records'
import { describe, expect, it } from 'vitest'
import type { Reference } from './kind.js'
import { PREDICTOR_KINDS } from './kinds/index.js'
import { PREDICTOR_KIND_NAMES } from './kinds/names.js'
import { loadPredictor } from './predictor.js'
import { predictorText } from './predictor-text.js'
import type { Sample } from './sample.js'
import { measuredRecord, synthetic } from './synthetic.fixture.js'
import { trainPredictor } from './train.js'
import { TrainingRecords } from './training-records.js'

// Every kind from every case of training data: the file loads and predicts finite numbers, or an error says why.

const samples = synthetic(12, 0.02)

const withLatencies = (latencyOf: (latency: number, index: number) => number): Sample[] =>
  samples.map((sample, i) => ({ ...sample, latency_ms: latencyOf(sample.latency_ms, i) }))

const withFeatures = (valueOf: (value: number, name: string, index: number) => number): Sample[] =>
  samples.map((sample, i) => {
    const entries = Object.entries(sample.features)
    const changed = entries.map(([name, value]) => [name, valueOf(value, name, i)] as const)
    return { ...sample, features: Object.fromEntries(changed) }
  })

const CASES: Readonly<Record<string, Sample[]>> = {
  'a record in seconds': withLatencies((ms, i) => (i ? ms : ms / 1000)),
  'a latency of 1e9 ms': withLatencies((ms, i) => (i ? ms : 1e9)),
  'latencies near the largest': withLatencies((ms) => 1e9 * (1 - ms / 1e4)),
  'latencies near the smallest': withLatencies((ms) => 1e-6 * (1 + ms)),
  'one latency for all': withLatencies(() => 3),
  'every latency of a size of its own': withLatencies((_, i) => 10 ** (1.25 * i - 6)),
  'latencies at both ends': withLatencies((_, i) => (i % 2 ? 1e9 : 1e-6)),
  'one network with huge features': withFeatures((value, _, i) => (i ? value : 1e18)),
  'one network with one huge feature': withFeatures((value, name, i) =>
    i || name !== 'bytes' ? value : 1e18,
  ),
  'tiny features': withFeatures((value) => 1e-300 * value),
  'no MACs': withFeatures((value, name) => (name === 'macs' ? 0 : value)),
  'one feature that hardly varies': withFeatures((_, name, i) =>
    name === 'macs' ? 1e9 * (1 + 1e-8 * i) : 7,
  ),
  'no feature that varies': withFeatures((_, name) => (name === 'macs' ? 1e9 : 7)),
  'five networks': samples.slice(0, 5),
  'duplicates of five networks': Array.from({ length: 30 }, (_, i) => samples[i % 5]),
}

// Neural networks take minutes to train: neural.test.ts tests smaller ones.
const KINDS = PREDICTOR_KIND_NAMES.filter((name) => name !== 'mlp' && name !== 'gcn')

async function references(): Promise<Reference[]> {
  const model = await PREDICTOR_KINDS.ridge.fit(synthetic(40, 0.02, 3), {
    latencyScale: 'linear',
    seed: 0,
  })
  const parameters = JSON.parse(JSON.stringify(model)) as object
  return [{ name: 'other', model, saved: { model: 'ridge', target: 'linear', parameters } }]
}

/** Trains as the tool does: a record that is refused is left out. */
async function trained(all: readonly Sample[], model: (typeof KINDS)[number], scale: Scale) {
  const records = new TrainingRecords()
  for (const sample of all) {
    try {
      records.add(measuredRecord(sample))
    } catch (error) {
      if (!(error instanceof LetiError)) throw error
    }
  }
  const set = records.training()
  const file = await trainPredictor(set, {
    model,
    latencyScale: scale,
    folds: 3,
    seed: 0,
    references: model === 'transfer' ? await references() : [],
  })
  return predictorText(file, set.samples)
}

type Scale = 'linear' | 'log'

describe.each(Object.entries(CASES))('%s', (_, all) => {
  it.each(
    KINDS.flatMap(
      (model) =>
        [
          { model, scale: 'linear' },
          { model, scale: 'log' },
        ] as const,
    ),
  )('$model, $scale', async ({ model, scale }) => {
    let text: string
    try {
      text = await trained(all, model, scale)
    } catch (error) {
      expect(error).toMatchObject({ code: 'usage' })
      // The error is for people: no names of members of the file.
      expect((error as Error).message).not.toContain('must be a finite number')
      return
    }
    expect(text).not.toContain('null')
    const predictor = loadPredictor(text)
    let predicted = 0
    for (const sample of all) {
      try {
        const { latency_ms, low_ms = 0, high_ms = 0 } = predictor.predict(measuredRecord(sample))
        expect([latency_ms, low_ms, high_ms].every(Number.isFinite)).toBe(true)
        predicted++
      } catch (error) {
        expect(error).toBeInstanceOf(LetiError)
      }
    }
    expect(predicted).toBeGreaterThan(0)
  })
})
