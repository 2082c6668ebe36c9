import type { LetiRecord } from '@leti/records'
import { beforeAll, describe, expect, it } from 'vitest'
import { findKind, PREDICTOR_KINDS } from './kinds/index.js'
import { PREDICTOR_KIND_NAMES } from './kinds/names.js'
import type { LATENCY_SCALES } from './model.js'
import type { PredictorFile } from './predictor-file.js'
import { loadPredictor } from './predictor.js'
import { readableJson } from './readable-json.js'
import { measuredRecord, synthetic } from './synthetic.fixture.js'
import { trainPredictor } from './train.js'
import { TrainingRecords } from './training-records.js'

const samples = synthetic(60, 0.02)
const OPTIONS = { model: 'ridge', latencyScale: 'linear', folds: 10, seed: 0 } as const

function training(of = samples) {
  const records = new TrainingRecords()
  for (const sample of of) records.add(measuredRecord(sample))
  return records.training()
}

const failing = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error

describe('trainPredictor', () => {
  it('states the training set, and the accuracy beside the proxy', async () => {
    const file = await trainPredictor(training(), OPTIONS)
    expect(file).toMatchObject({
      format: 'leti-predictor',
      version: 1,
      model: 'ridge',
      device: 'node',
      backend: 'wasm',
      runtime: 'tfjs@4.22.0',
      threads: 1,
      environment: { cpu: 'a processor', os: 'Linux' },
      spaces: ['nb101'],
      training: { count: 60 },
      cross_validation: { folds: 10, seed: 0, metrics: { count: 60 }, proxy: { count: 60 } },
    })
    const { metrics, proxy } = file.cross_validation
    expect(metrics.mape_percent).toBeLessThan((proxy?.mape_percent ?? 0) / 3)
  })

  it('does not compare the proxy with itself', async () => {
    const { cross_validation } = await trainPredictor(training(), { ...OPTIONS, model: 'flops' })
    expect(cross_validation).not.toHaveProperty('proxy')
  })

  it('gives the same file for the same seed, and other metrics for another', async () => {
    const text = async (seed: number) =>
      readableJson(await trainPredictor(training(), { ...OPTIONS, seed }))
    expect(await text(1)).toBe(await text(1))
    expect(await text(1)).not.toBe(await text(2))
  })

  it('keeps what the cross-validation said of each network, with upper bounds as wide as risk asks for', async () => {
    const file = await trainPredictor(training(), OPTIONS)
    const predictor = loadPredictor(readableJson(file))
    const [narrow, wide] = [0.5, 0.9].map((coverage) => predictor.heldOut(coverage))
    expect(wide.map(({ id }) => id)).toEqual(samples.map(({ id }) => id))
    const errors = wide.map(({ latency_ms, predicted_ms }) => predicted_ms / latency_ms - 1)
    const mape = (100 * errors.reduce((sum, error) => sum + Math.abs(error), 0)) / errors.length
    expect(mape).toBeCloseTo(file.cross_validation.metrics.mape_percent, 2)
    const { macs, parameters } = samples[3].features
    expect(wide[3].features).toEqual({ macs, parameters })
    expect(wide.every(({ high_ms }, i) => high_ms > narrow[i].high_ms)).toBe(true)
    expect(wide.filter(({ latency_ms, high_ms }) => latency_ms > high_ms).length).toBeLessThan(10)
    const { held_out, ...old } = file
    expect(held_out).toHaveLength(60)
    expect(loadPredictor(readableJson(old)).heldOut(0.9)).toEqual([])
  })

  it('makes at most one fold per network', async () => {
    const file = await trainPredictor(training(samples.slice(0, 7)), OPTIONS)
    expect(file.cross_validation.folds).toBe(7)
  })

  it('refuses too few networks, however often they were measured', async () => {
    const four = samples.slice(0, 4)
    const often = training([...four, ...four, ...four])
    await expect(trainPredictor(often, OPTIONS)).rejects.toThrow(failing('usage', 'at least 5'))
  })

  it('refuses features without the MACs', async () => {
    const blind = samples.map((sample) => ({
      ...sample,
      features: { bytes: sample.features.bytes },
    }))
    await expect(trainPredictor(training(blind), OPTIONS)).rejects.toThrow(failing('usage', 'macs'))
  })
})

describe('loadPredictor', () => {
  let file: PredictorFile

  beforeAll(async () => {
    file = await trainPredictor(training(), OPTIONS)
  })

  const recordWith = (changes: Record<string, number>): LetiRecord => {
    const { kernels, ...record } = measuredRecord(samples[0])
    return { ...record, kernels, features: { ...record.features, ...changes } }
  }

  // transfer needs references; neural networks are slow to train and have their own tests.
  it.each(PREDICTOR_KIND_NAMES.filter((name) => !['transfer', 'mlp', 'gcn'].includes(name)))(
    'loads what trainPredictor made: %s',
    async (model) => {
      for (const latencyScale of ['linear', 'log'] satisfies (typeof LATENCY_SCALES)[number][]) {
        const trained = await trainPredictor(training(), { ...OPTIONS, model, latencyScale })
        const predictor = loadPredictor(readableJson(trained))
        const fitted = PREDICTOR_KINDS[model].fromJSON(trained.parameters, latencyScale, findKind)
        const record = recordWith({})
        const { features, kernels } = samples[0]
        expect(predictor.predict(record).latency_ms).toBe(fitted.estimate(features, kernels))
      }
    },
  )

  it('names itself by device, backend, model and content', () => {
    const name = (changes: object) => loadPredictor(JSON.stringify({ ...file, ...changes })).name
    expect(name({})).toMatch(/^node-wasm-ridge-[0-9a-f]{8}$/)
    expect(name({ threads: 8 })).not.toBe(name({}))
  })

  it.each([
    ['a feature that was 0 in the whole training set', { conv5x5_count: 1 }, 'out-of-domain'],
    ['a feature that the training set lacks', { dilated_count: 2 }, 'out-of-domain'],
    ['a latency below 0', { conv3x3_count: -1e6 }, 'out-of-domain'],
  ])('refuses %s', (_, changes, code) => {
    const predictor = loadPredictor(JSON.stringify(file))
    const message = 'conv3x3_count' in changes ? '' : Object.keys(changes)[0]
    expect(() => predictor.predict(recordWith(changes))).toThrow(failing(code, message))
  })

  it('accepts an unknown feature that is 0', () => {
    const predictor = loadPredictor(JSON.stringify(file))
    expect(predictor.predict(recordWith({ dilated_count: 0 }))).toEqual(
      predictor.predict(recordWith({})),
    )
  })

  it('refuses a record that lacks a feature', () => {
    const predictor = loadPredictor(JSON.stringify(file))
    const { id, features } = samples[0]
    const fewer = Object.entries(features).filter(([name]) => name !== 'pool_count')
    const record = { id, features: Object.fromEntries(fewer) }
    expect(() => predictor.predict(record)).toThrow(failing('missing-feature', 'pool_count'))
    expect(() => predictor.predict({ id })).toThrow(failing('missing-feature', 'featurize'))
  })

  it('refuses a search space that it was not trained on', () => {
    const predictor = loadPredictor(JSON.stringify(file))
    const record = { ...recordWith({}), arch: { space: 'fbnet' } }
    expect(() => predictor.predict(record)).toThrow(failing('out-of-domain', 'fbnet'))
  })

  it.each([
    ['cut short', (text: string) => text.slice(0, -20), 'not JSON'],
    ['of another format', (text: string) => text.replace('leti-predictor', 'onnx'), 'format'],
    ['of a later version', (text: string) => text.replace('"version":1', '"version":2'), 'version'],
    ['of an unknown kind', (text: string) => text.replace('"ridge"', '"oracle"'), 'model'],
    [
      'without a weight',
      (text: string) => text.replace('"weight"', '"wait"'),
      'features[0].weight',
    ],
    ['with a scale of 0', (text: string) => text.replace(/"scale":[^,]+/, '"scale":0'), 'scale'],
    ['with a null mean', (text: string) => text.replace(/"mean":[^,]+/, '"mean":null'), 'mean'],
    ['without metrics', (text: string) => text.replace('"metrics"', '"no"'), 'metrics'],
    ['that is a list', () => '[]', 'predictor'],
  ])('refuses a file %s', (_, damage, message) => {
    const text = JSON.stringify(file)
    expect(() => loadPredictor(damage(text))).toThrow(failing('usage', message))
  })
})
