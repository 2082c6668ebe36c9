import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { featurize, type FeatureSetName } from '@leti/features'
import { DEFAULT_SETS, FEATURE_SETS } from '@leti/features/names'
import { openNetwork, writeModel } from '@leti/formats'
import { toRecord, type LetiRecord } from '@leti/records'
import { drawArchitectures, networkOf } from '@leti/spaces'
import { describe, expect, it, test } from 'vitest'
import type { PredictorKindName } from './kinds/names.js'
import { NetworkPredictor } from './network-predictor.js'
import { loadPredictor, type Predictor } from './predictor.js'
import { measuredRecord } from './synthetic.fixture.js'
import { trainPredictor } from './train.js'
import { TrainingRecords } from './training-records.js'

const CELLS = new URL('../../../fixtures/measured/nb101-f16-chromium-webgl.ndjson', import.meta.url)

/** Architectures of each space: of the first 40, predictors are trained. */
const ARCHITECTURES: Readonly<Record<string, readonly LetiRecord[]>> = {
  nb101: readFileSync(CELLS, 'utf8')
    .split('\n', 80)
    .map((line) => toRecord(JSON.parse(line)))
    .map(({ id, arch }) => ({ id, arch })),
  nb201: [...drawArchitectures('nb201', 80, 1)],
  fbnet: [...drawArchitectures('fbnet', 80, 1)],
}

function featurized(record: LetiRecord, sets: readonly FeatureSetName[] = DEFAULT_SETS) {
  return { ...record, ...featurize(networkOf(record), { sets, kernels: true }) }
}

/** A predictor of latencies that follow the MACs and the count of kernels. */
async function trained(
  space: string,
  model: PredictorKindName,
  sets?: readonly FeatureSetName[],
): Promise<Predictor> {
  const reads = model === 'kernels' ? 'kernels' : 'features'
  const records = new TrainingRecords({}, 'median', reads)
  for (const record of ARCHITECTURES[space].slice(0, 40)) {
    const { features, kernels } = featurized(record, sets)
    const latency_ms = 1 + features.macs / 1e7 + 0.1 * (kernels?.length ?? 0)
    records.add({ ...measuredRecord({ id: record.id, features, latency_ms }), ...record, kernels })
  }
  const options = { model, latencyScale: 'linear', folds: 5, seed: 0 } as const
  return loadPredictor(JSON.stringify(await trainPredictor(records.training(), options)))
}

/** What a call returns, or the message of what it throws. */
function outcome(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return String(error)
  }
}

describe('records without features are predicted exactly as those that featurize wrote', () => {
  it.each([
    ['nb101', 'flops'],
    ['nb101', 'lut'],
    ['nb101', 'gp'],
    ['nb101', 'kernels'],
    ['nb201', 'additive'],
    ['nb201', 'kernels'],
    ['fbnet', 'gbdt'],
  ] as const)('%s, %s', async (space, model) => {
    const predictor = await trained(space, model)
    const networks = new NetworkPredictor(predictor)
    const outcomes = ARCHITECTURES[space].map((record) => outcome(() => networks.predict(record)))
    const expected = ARCHITECTURES[space].map((record) =>
      outcome(() => predictor.predict(featurized(record))),
    )
    expect(outcomes).toEqual(expected)
    expect(outcomes.filter((of) => typeof of === 'object').length).toBeGreaterThan(40)
  })
})

test('what was predicted once is given again, for the same features, coverage and settings only', async () => {
  const networks = new NetworkPredictor(await trained('nb101', 'flops'))
  // Often enough that cells of equal features share them.
  const [record] = ARCHITECTURES.nb101
  for (let i = 0; i < 20; i++) networks.predict(record)
  const known = networks.predict(record)
  expect(networks.predict({ ...record, id: 'other' })).toBe(known)
  expect(known).toEqual(networks.predictor.predict(featurized(record)))
  expect(networks.predict(record, 0.5)).toEqual(networks.predictor.predict(featurized(record), 0.5))
  expect(networks.predict(ARCHITECTURES.nb101[1])).not.toEqual(known)
  const unlike = { ...record, model: { format: 'tflite', batch: 2, parameters: 1, macs: 1 } }
  expect(outcome(() => networks.predict(unlike))).toContain('batch')
})

test('only the sets of the training set are computed', async () => {
  const predictor = await trained('nb101', 'ridge', ['proxies', 'graph'])
  const networks = new NetworkPredictor(predictor)
  const record = ARCHITECTURES.nb101[0]
  expect(networks.predict(record)).toEqual(
    predictor.predict(featurized(record, ['proxies', 'graph'])),
  )
  // Through all sets, the others would be features that no training network had.
  expect(() => predictor.predict(featurized(record, FEATURE_SETS))).toThrow('operator_conv2d_count')
})

test('features that are there are used', async () => {
  const networks = new NetworkPredictor(await trained('nb201', 'flops'))
  const record = featurized(ARCHITECTURES.nb201[0])
  const other = { ...record, features: { ...record.features, executed_macs: 0, macs: 1e7 } }
  expect(outcome(() => networks.predict(other))).not.toEqual(
    outcome(() => networks.predict(record)),
  )
})

test('a model file is opened', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leti-'))
  try {
    const record = ARCHITECTURES.nb101[0]
    const { path: file } = await writeModel(networkOf(record).executed, 'tflite', folder, 0)
    const networks = new NetworkPredictor(await trained('nb101', 'kernels'))
    const ofFile = { id: record.id, arch: { space: 'file', file } }
    expect(networks.needsFile(ofFile)).toBe(true)
    const kernels = featurize(await openNetwork(ofFile), { sets: [] }).kernels
    expect(networks.predict(await networks.opened(ofFile))).toEqual(
      networks.predictor.predict({ ...ofFile, kernels }),
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a record that says nothing of its network is refused', async () => {
  const networks = new NetworkPredictor(await trained('nb201', 'flops'))
  expect(() => networks.predict({ id: 'x' })).toThrow('run featurize first')
  expect(() => networks.predict({ id: 'x', arch: { space: 'nb' } })).toThrow('nb')
})
