import type { LetiRecord } from '@leti/records'
import { describe, expect, it } from 'vitest'
import { measuredRecord, synthetic } from './synthetic.fixture.js'
import { TrainingRecords } from './training-records.js'

const samples = synthetic(6, 0)
const records = samples.map(measuredRecord)
const [first, second] = records

function gathered(all: readonly LetiRecord[], only = {}) {
  const training = new TrainingRecords(only)
  for (const record of all) training.add(record)
  return training.training()
}

const measuredWith = (record: typeof first, members: object) =>
  ({ ...record, measurement: { ...record.measurement, ...members } }) as LetiRecord

describe('TrainingRecords', () => {
  it('collects samples', () => {
    const training = gathered(records)
    expect(training).toMatchObject({
      device: 'node',
      backend: 'wasm',
      spaces: ['nb101'],
      differences: [],
    })
    expect(training.samples).toMatchObject(samples)
    expect(training.samples.map(({ arch }) => arch)).toEqual(records.map(({ arch }) => arch))
  })

  it('takes a network whose published values are written out for the same network', () => {
    const arch = { space: 'fbnet', ops: ['k3_e1'] }
    const archs = [arch, { ...arch, width: 1, resolution: 224 }, { ...arch, width: 0.5 }]
    const { samples: found } = gathered(archs.map((each, i) => ({ ...records[i], arch: each })))
    expect(found.map(({ id }) => id)).toEqual([first.id, first.id, records[2].id])
  })

  it('uses the mean if a table has no median, or the given statistic', () => {
    const published = { min: 3, mean: 4, max: 6 }
    const table = [measuredWith(first, { latency_ms: published }), second]
    expect(gathered(table).samples[0].latency_ms).toBe(4)
    const least = new TrainingRecords({}, 'min')
    for (const record of table) least.add(record)
    expect(least.training().samples[0].latency_ms).toBe(3)
  })

  it('keeps the conditions and the environment that all records share', () => {
    const other = measuredWith(second, { threads: 4, environment: { cpu: 'b', os: 'Linux' } })
    const training = gathered([first, other, records[2]])
    expect(training.environment).toEqual({ os: 'Linux' })
    expect(training.conditions).toEqual({ runtime: 'tfjs@4.22.0', batch: 1 })
    expect(training.differences.map(({ member }) => member)).toEqual(['threads', 'environment.cpu'])
  })

  it('refuses to mix devices or backends, and lists them', () => {
    const others = [
      measuredWith(second, { device: 'pixel' }),
      measuredWith(second, { backend: 'cpu' }),
    ]
    expect(() => gathered([first, ...others])).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: expect.stringContaining('node/wasm, pixel/wasm, node/cpu') as string,
      }) as Error,
    )
  })

  it('selects a device and a backend', () => {
    const mixed = [
      first,
      measuredWith(second, { device: 'pixel' }),
      measuredWith(records[2], { device: 'pixel', backend: 'webgpu' }),
    ]
    const ids = (only: object) => gathered(mixed, only).samples.map(({ id }) => id)
    expect(ids({ device: 'node' })).toEqual([first.id])
    expect(ids({ device: 'pixel', backend: 'webgpu' })).toEqual([records[2].id])
    expect(() => ids({ device: 'pixle' })).toThrow('no measured records of device pixle')
  })

  it.each([
    [
      'no measurement',
      { ...second, measurement: undefined },
      'bad-input',
      '"measurement" is missing',
    ],
    ['no features', { ...second, features: undefined }, 'missing-feature', 'featurize'],
    ['a feature too few', without(second, 'bytes'), 'missing-feature', '"bytes"'],
    [
      'a feature too many',
      { ...second, features: { ...second.features, odd: 1 } },
      'bad-input',
      'odd',
    ],
    [
      'a latency of 0',
      measuredWith(second, { latency_ms: { median: 0 } }),
      'bad-input',
      'positive',
    ],
  ])('refuses a record with %s', (_, record, code, message) => {
    const training = new TrainingRecords()
    training.add(first)
    expect(() => training.add(record)).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(message) as string,
      }) as Error,
    )
    expect(training.training().samples).toHaveLength(1)
  })
})

function without(record: typeof first, name: string): LetiRecord {
  const features = Object.entries(record.features ?? {}).filter(([key]) => key !== name)
  return { ...record, features: Object.fromEntries(features) }
}
