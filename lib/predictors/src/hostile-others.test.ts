import { LetiError, type LetiRecord } from '@leti/records'
import { describe, expect, it } from 'vitest'
import { loadPredictor } from './predictor.js'
import { predictorText } from './predictor-text.js'
import { measuredRecord, synthetic } from './synthetic.fixture.js'
import { ReferenceTable } from './tables/reference-table.js'
import { syntheticTable } from './tables/synthetic-table.fixture.js'
import { trainFromTables } from './tables/train.js'
import { trainPredictor } from './train.js'
import { TrainingRecords } from './training-records.js'

// As hostile-sets.test.ts, for what trains on more than features and latencies: tables of other devices, and profiles.

/** The text that `make` writes, or nothing if it says what is wrong with the records. */
async function textOf(make: () => string | Promise<string>): Promise<string | undefined> {
  try {
    return await make()
  } catch (error) {
    expect(error).toMatchObject({ code: 'usage' })
    expect((error as Error).message).not.toContain('must be a finite number')
    return undefined
  }
}

/** Reads a file back, and predicts at least one of the records. */
function readBack(text: string | undefined, records: readonly LetiRecord[]): void {
  if (text === undefined) return
  expect(text).not.toContain('null')
  const predictor = loadPredictor(text)
  const predicted = records.filter((record) => {
    try {
      const { latency_ms, low_ms = 0, high_ms = 0 } = predictor.predict(record)
      expect([latency_ms, low_ms, high_ms].every(Number.isFinite)).toBe(true)
      return true
    } catch (error) {
      expect(error).toBeInstanceOf(LetiError)
      return false
    }
  })
  expect(predicted).not.toEqual([])
}

/** Adds records as the tool does: one that is refused is left out. */
function added<T extends { add(record: LetiRecord): void }>(
  set: T,
  records: readonly LetiRecord[],
): T {
  for (const record of records) {
    try {
      set.add(record)
    } catch (error) {
      if (!(error instanceof LetiError)) throw error
    }
  }
  return set
}

type Change = (ms: number, network: number, device: number) => number

describe('tables of other devices', () => {
  const table = syntheticTable(8)

  const changed = (change: Change): LetiRecord[][] =>
    table.map((records, device) =>
      records.map((record, network) => {
        const { measurement } = record
        if (!measurement) throw new Error('not measured')
        const mean = change(measurement.latency_ms.mean ?? NaN, network, device)
        return { ...record, measurement: { ...measurement, latency_ms: { mean } } }
      }),
    )

  const cases: Readonly<Record<string, LetiRecord[][]>> = {
    'the new device in seconds': changed((ms, _, device) => (device ? ms : ms / 1000)),
    'one latency in seconds': changed((ms, i, device) => (i || device ? ms : ms / 1000)),
    'a table in seconds': changed((ms, _, device) => (device === 1 ? ms / 1000 : ms)),
    'one latency of 1e9 ms': changed((ms, i, device) => (i || device ? ms : 1e9)),
    'a latency of 1e9 ms in a table': changed((ms, i, device) => (i || device !== 1 ? ms : 1e9)),
    'latencies near the smallest': changed((ms) => 1e-6 * (1 + ms / 1e6)),
    'latencies at both ends': changed((_, i, device) => ((i + device) % 2 ? 1e9 : 1e-6)),
    'one latency for all': changed(() => 3),
    'one latency for all of the new device': changed((ms, _, device) => (device ? ms : 3)),
    'every device the same': table.map((_, device) =>
      table[1].map(({ measurement, ...record }) => ({
        ...record,
        measurement: { ...measurement, device: `device-${device}` } as LetiRecord['measurement'],
      })),
    ),
    'latencies of 1e300 and 5e-324': changed((ms, i) => [1e300, 5e-324, ms][i % 3]),
    'one other device': table.slice(0, 2),
    'no other device': table.slice(0, 1),
  }

  it.each(Object.keys(cases))('%s', async (name) => {
    const [fresh, ...others] = cases[name]
    const text = await textOf(() => {
      const set = added(new TrainingRecords({}, 'median', 'id'), fresh.slice(0, 5)).training()
      return predictorText(
        trainFromTables(set, added(new ReferenceTable(), others.flat())),
        set.samples,
      )
    })
    readBack(text, fresh)
  })
})

describe('profiles', () => {
  const samples = synthetic(12, 0.02)

  const cases: Readonly<Record<string, Change>> = {
    'of the whole latency': (ms) => ms,
    'much longer than the latency': (ms) => 1e6 * ms,
    'of one network only': (ms, i) => (i ? 0 : ms),
    'near the largest': () => 1e300,
    'near the smallest': () => 5e-324,
    'below 0': (ms) => -ms,
    'at both ends': (_, i) => (i % 2 ? 1e9 : 1e-6),
  }

  it.each(Object.keys(cases))('%s', async (name) => {
    const records = samples.map((sample, i): LetiRecord => {
      const { measurement, ...record } = measuredRecord(sample)
      const part = cases[name](sample.latency_ms / 2, i, 0)
      const kernels = ['Conv2D', 'MaxPool'].map((kernel) => ({ name: kernel, ms: part }))
      return { ...record, measurement: { ...measurement, kernels } }
    })
    const text = await textOf(async () => {
      const set = added(new TrainingRecords(), records).training()
      const options = { model: 'lut', latencyScale: 'linear', folds: 3, seed: 0 } as const
      return predictorText(await trainPredictor(set, options), set.samples)
    })
    readBack(text, records)
  })
})
