import type { LetiRecord } from '@leti/records'
import { beforeAll, describe, expect, it, test } from 'vitest'
import type { PredictorKindName } from '../kinds/names.js'
import type { PredictorFile } from '../predictor-file.js'
import { loadPredictor, type Predictor } from '../predictor.js'
import { measuredRecord, synthetic } from '../synthetic.fixture.js'
import { trainPredictor } from '../train.js'
import { TrainingRecords } from '../training-records.js'

const CONFIG = { input_shape: [32, 32, 3], stem_filter_size: 64 }

/** The record with a configuration, and its features and kernels scaled. */
function scaled(record: LetiRecord, factor: number, config: object = CONFIG): LetiRecord {
  const features = Object.entries(record.features ?? {}).map(([name, value]) => [
    name,
    name.endsWith('count') ? value : factor * value,
  ])
  const kernels = record.kernels?.map((kernel) => ({ ...kernel, macs: factor * kernel.macs }))
  return {
    ...record,
    arch: { space: 'nb101', cell: record.id, config },
    features: Object.fromEntries(features) as Record<string, number>,
    ...(kernels && { kernels }),
  }
}

const training = synthetic(60, 0.02).map(measuredRecord)

async function fileOf(model: PredictorKindName, configs: object[] = [CONFIG]) {
  const records = new TrainingRecords()
  training.forEach((record, i) => records.add(scaled(record, 1, configs[i % configs.length])))
  return trainPredictor(records.training(), { model, latencyScale: 'linear', folds: 5, seed: 0 })
}

const load = (file: PredictorFile) => loadPredictor(JSON.stringify(file))

const refusal = (message: string) =>
  expect.objectContaining({
    code: 'out-of-domain',
    message: expect.stringContaining(message) as string,
  }) as Error

const QUICK = ['flops', 'linear', 'ridge', 'lut', 'additive', 'gp', 'gbdt', 'auto'] as const

describe.each([...QUICK, 'kernels'] as const)('%s', (model) => {
  let predictor: Predictor

  beforeAll(async () => {
    predictor = load(await fileOf(model))
  })

  it('refuses networks far larger than those of the training set, and says what is larger', () => {
    const message = model === 'kernels' ? 'times the largest measured' : 'feature "macs" is'
    for (const record of training.filter(({ features }) => (features?.macs ?? 0) > 1e9)) {
      expect(() => predictor.predict(scaled(record, 16))).toThrow(refusal(message))
    }
  })

  it('predicts new networks of the same kind', () => {
    const unseen = synthetic(200, 0, 2).map(measuredRecord)
    const predicted = unseen.filter((record) => {
      try {
        return predictor.predict(scaled(record, 1)).latency_ms > 0
      } catch {
        return false
      }
    })
    // With 60 networks of 13 features a few others lie far outside.
    expect(predicted.length).toBeGreaterThan(0.97 * unseen.length)
  })
})

describe('settings', () => {
  it.each(QUICK)('%s: refuses a setting that no training network had', async (model) => {
    const predictor = load(await fileOf(model))
    const [record] = training
    expect(() => predictor.predict(scaled(record, 1))).not.toThrow()
    for (const [changes, message] of [
      [{ stem_filter_size: 512 }, '"arch.config.stem_filter_size" is 512'],
      [{ input_shape: [128, 128, 3] }, '"arch.config.input_shape" is 128x128x3'],
      [{ num_labels: 100 }, '"arch.config.num_labels" is 100'],
    ] as const) {
      const other = scaled(record, 1, { ...CONFIG, ...changes })
      expect(() => predictor.predict(other)).toThrow(refusal(message))
    }
  })

  it('are named with the values that were seen', async () => {
    const predictor = load(await fileOf('ridge'))
    const published = scaled(training[0], 1, {})
    expect(() => predictor.predict(published)).toThrow(
      refusal('"arch.config.stem_filter_size" is 128: the predictor was trained on 64 only'),
    )
  })

  it('are checked of each network of a stream', async () => {
    const predictor = load(await fileOf('flops'))
    const [record] = training
    const other = scaled(record, 1, { ...CONFIG, stem_filter_size: 512 })
    const predict = (it: LetiRecord) => () => predictor.predict(it)
    for (let turn = 0; turn < 2; turn++) {
      expect(predict(scaled(record, 1))).not.toThrow()
      expect(predict(scaled(record, 1))).not.toThrow()
      expect(predict(other)).toThrow(refusal('"arch.config.stem_filter_size" is 512'))
      expect(predict(other)).toThrow(refusal('"arch.config.stem_filter_size" is 512'))
    }
  })

  it('may lie between those of the training set', async () => {
    const both = [CONFIG, { input_shape: [64, 64, 3], stem_filter_size: 64 }]
    const predictor = load(await fileOf('ridge', both))
    const at = (size: number) => scaled(training[0], 1, { ...CONFIG, input_shape: [size, size, 3] })
    expect(() => predictor.predict(at(48))).not.toThrow()
    expect(() => predictor.predict(at(96))).toThrow(refusal('trained on 32x32x3, 64x64x3'))
  })
})

test.each([...QUICK, 'kernels'] as const)('%s: refuses another batch', async (model) => {
  const predictor = load({ ...(await fileOf(model)), batch: 1 })
  const record = scaled(training[0], 1)
  const at = (batch: number) => ({
    ...record,
    measurement: { device: 'd', latency_ms: { median: 1 }, batch },
  })
  expect(() => predictor.predict(at(1))).not.toThrow()
  expect(() => predictor.predict(at(8))).toThrow(refusal('"measurement.batch" is 8'))
})

describe('outside of the training set', () => {
  it('intervals grow with the distance', async () => {
    const predictor = load(await fileOf('ridge'))
    const [largest] = training.toSorted((a, b) => (b.features?.macs ?? 0) - (a.features?.macs ?? 0))
    const widths = [1, 1.1, 1.2, 1.3].map((factor) => {
      const { latency_ms, high_ms = NaN } = predictor.predict(scaled(largest, factor))
      return high_ms / latency_ms - 1
    })
    expect(widths).toEqual(widths.toSorted((a, b) => a - b))
    expect(widths[3]).toBeGreaterThan(2 * widths[0])
  })

  it('trees are trusted less than sums', async () => {
    const largest = training.reduce((a, b) =>
      (a.features?.macs ?? 0) > (b.features?.macs ?? 0) ? a : b,
    )
    const sum = load(await fileOf('ridge')).predict(scaled(largest, 1.2))
    const trees = load(await fileOf('gbdt'))
    const tree = (() => {
      try {
        return trees.predict(scaled(largest, 1.2))
      } catch {
        return undefined
      }
    })()
    const widthOf = ({ latency_ms, high_ms = NaN }: typeof sum) => high_ms / latency_ms
    expect(tree === undefined || widthOf(tree) > widthOf(sum)).toBe(true)
  })

  it('old files without limits predict as before', async () => {
    const { domain, ...old } = await fileOf('flops')
    expect(domain).toBeDefined()
    expect(load(old).predict(scaled(training[0], 100)).latency_ms).toBeGreaterThan(0)
  })
})

describe('the speed of the machine', () => {
  const record = scaled(training[0], 1)

  /** A predictor that is sure of a latency. */
  async function sure(latency_ms: number, error: number): Promise<Predictor> {
    const { domain, ...file } = await fileOf('ridge')
    const macs_per_ms = (record.features?.macs ?? 0) / 10
    return load({
      ...file,
      domain: { ...domain, features: {}, rates: { macs_per_ms }, latency_ms: { min: 1, max: 100 } },
      conformal: { bins: [{ errors: Array<number>(100).fill(error) }] },
      parameters: { intercept: latency_ms, features: [], constant: record.features },
    })
  }

  it('raises a prediction that is below it, if the interval reaches that far', async () => {
    expect((await sure(4, 0.5)).predict(record)).toMatchObject({ latency_ms: 5, high_ms: 6 })
    expect((await sure(6, 0.5)).predict(record)).toMatchObject({ latency_ms: 6, high_ms: 9 })
  })

  it('refuses a prediction whose whole interval is below it', async () => {
    const predictor = await sure(4, 0.1)
    expect(() => predictor.predict(record)).toThrow(refusal('the network takes 5 ms'))
  })
})
