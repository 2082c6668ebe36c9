import { LetiError, type LetiRecord } from '@leti/records'
import { describe, expect, it } from 'vitest'
import { PREDICTOR_KIND_NAMES, type PredictorKindName } from './kinds/names.js'
import { loadPredictor } from './predictor.js'
import { predictorText } from './predictor-text.js'
import { measuredRecord, synthetic } from './synthetic.fixture.js'
import { trainPredictor } from './train.js'
import { TrainingRecords } from './training-records.js'

// Records with wrong numbers give a predictor that predicts, or an error that says which record is wrong.

const samples = synthetic(12, 0.02)

// transfer needs references; neural networks take minutes to train.
const KINDS = PREDICTOR_KIND_NAMES.filter((name) => !['transfer', 'mlp', 'gcn'].includes(name))

function withLatency(record: LetiRecord, latency: (ms: number) => number): LetiRecord {
  const { measurement } = record
  if (!measurement) throw new Error('not measured')
  const median = latency(measurement.latency_ms.median ?? NaN)
  return { ...record, measurement: { ...measurement, latency_ms: { median } } }
}

/** The records of twelve networks, the first changed. */
function records(change: (record: LetiRecord) => LetiRecord): LetiRecord[] {
  const [first, ...others] = samples.map(measuredRecord)
  return [change(first), ...others]
}

/** Trains as the tool does: a record that is refused is left out. */
async function train(all: readonly LetiRecord[], model: PredictorKindName = 'auto') {
  const refused: string[] = []
  const training = new TrainingRecords()
  for (const record of all) {
    try {
      training.add(record)
    } catch (error) {
      if (!(error instanceof LetiError)) throw error
      refused.push(error.message)
    }
  }
  const set = training.training()
  const options = { model, latencyScale: 'linear', folds: 4, seed: 0 } as const
  const file = await trainPredictor(set, options)
  return { refused, file, text: predictorText(file, set.samples) }
}

describe.each(KINDS)('%s', (model) => {
  it('leaves out a latency that the others contradict, and names its network', async () => {
    const slip = records((record) => withLatency(record, (ms) => ms / 1000))
    const { file, text } = await train(slip, model)
    expect(file.training).toMatchObject({ count: 11, left_out: 'net-0' })
    expect(file.cross_validation.metrics.mape_percent).toBeLessThan(200)
    const { latency_ms } = loadPredictor(text).predict(measuredRecord(samples[1]))
    expect(Math.abs(Math.log(latency_ms / samples[1].latency_ms))).toBeLessThan(Math.log(2))
  })
})

it.each([1e300, 1e-300, 5e-324])('refuses a latency of %d ms', async (latency) => {
  const { refused, file } = await train(records((record) => withLatency(record, () => latency)))
  expect(refused).toEqual([expect.stringContaining('"measurement.latency_ms.median" is')])
  expect(file.training.count).toBe(11)
})

it('refuses a feature of 1e308', async () => {
  const huge = records((record) => ({ ...record, features: { ...record.features, macs: 1e308 } }))
  const { refused, file } = await train(huge)
  expect(refused).toEqual(['"features.macs" is 1e+308: no network has that; run featurize again'])
  expect(file.training.count).toBe(11)
})

it('refuses networks that all have the same features', async () => {
  const same = samples.map((sample) => measuredRecord({ ...sample, features: samples[0].features }))
  await expect(train(same)).rejects.toThrow('all networks have the same features')
})

it('keeps a large network, and one that is all overhead', async () => {
  const scaled = (index: number, macs: number, ms: number) => {
    const record = withLatency(measuredRecord(samples[index]), () => ms)
    return { ...record, features: { ...record.features, macs } }
  }
  const all = synthetic(38, 0.02, 2).map(measuredRecord)
  const ids = { large: 'large', small: 'small' }
  const extremes = [
    { ...scaled(0, 1e13, 1e5), id: ids.large },
    { ...scaled(1, 1, 0.01), id: ids.small },
  ]
  const { file } = await train([...all, ...extremes], 'flops')
  expect(file.training.count).toBe(40)
  expect(file.training).not.toHaveProperty('left_out')
})

it('writes no file that predict would refuse', async () => {
  const { file } = await train(samples.map(measuredRecord), 'ridge')
  const { metrics } = file.cross_validation
  const broken = {
    ...file,
    cross_validation: { ...file.cross_validation, metrics: { ...metrics, mape_percent: NaN } },
  }
  expect(() => predictorText(broken, samples)).toThrow(
    /^the records give no usable predictor: .*mape_percent" must be a finite number/,
  )
  const parameters = { ...file.parameters, intercept: -1e300 }
  expect(() => predictorText({ ...file, parameters }, samples)).toThrow('no usable predictor')
})

describe('a network that was measured several times', () => {
  const five = samples.slice(0, 5).map((sample, i) => {
    const record = measuredRecord(sample)
    return { ...record, arch: { space: 'nb101', cell: i } }
  })
  // Other ids, the same architectures.
  const copies = [0, 1, 2, 3].flatMap((copy) =>
    five.map((record) => ({ ...record, id: `${record.id}-copy-${copy}` })),
  )

  it('gives no interval that it does not give if it was measured once', async () => {
    const once = await train(five, 'ridge')
    const often = await train([...five, ...copies], 'ridge')
    const intervalOf = (text: string) => loadPredictor(text).predict(five[0], 0.9).high_ms
    expect(intervalOf(once.text)).toBeUndefined()
    expect(intervalOf(often.text)).toBeUndefined()
    expect(often.file.cross_validation.folds).toBe(4)
    expect(often.file.conformal?.bins[0].errors).toHaveLength(5)
  })

  it('counts once, whatever its ids are', async () => {
    await expect(train([...five.slice(0, 4), ...copies.slice(0, 4)])).rejects.toThrow(
      'only 4 measured networks',
    )
  })
})
