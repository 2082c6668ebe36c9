import { measuredLatency, type LetiRecord } from '@leti/records'
import { describe, expect, it } from 'vitest'
import { loadPredictor } from '../predictor.js'
import { readableJson } from '../readable-json.js'
import { TrainingRecords } from '../training-records.js'
import { ReferenceTable, shareHardware } from './reference-table.js'
import { syntheticTable } from './synthetic-table.fixture.js'
import { trainFromTables } from './train.js'

const [fresh, ...others] = syntheticTable(40)
const five = fresh.slice(0, 5)

function tableOf(records: readonly LetiRecord[]): ReferenceTable {
  const table = new ReferenceTable()
  for (const record of records) table.add(record)
  return table
}

function trained(records: readonly LetiRecord[], references = others.flat()) {
  const set = new TrainingRecords({}, 'median', 'id')
  for (const record of records) set.add(record)
  return trainFromTables(set.training(), tableOf(references))
}

/** Relative errors on the networks that were not measured on the new device. */
function errorsOf(predictor: ReturnType<typeof loadPredictor>): number[] {
  return fresh.slice(5).map((record) => {
    const { latency_ms } = predictor.predict({ id: record.id })
    return Math.abs(latency_ms / (measuredLatency(record) ?? NaN) - 1)
  })
}

function slowed(record: LetiRecord, factor: number): LetiRecord {
  const latency_ms = { mean: factor * (measuredLatency(record) ?? NaN) }
  return { ...record, measurement: { ...record.measurement, latency_ms } } as unknown as LetiRecord
}

const failing = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error

describe('trainFromTables', () => {
  it('predicts the networks of the tables from five measurements', () => {
    const errors = errorsOf(loadPredictor(readableJson(trained(five))))
    expect(errors).toHaveLength(7)
    expect(Math.max(...errors)).toBeLessThan(0.15)
  })

  it('returns measured latencies as they are', () => {
    const predictor = loadPredictor(readableJson(trained(five)))
    for (const record of five) {
      const { latency_ms, low_ms } = predictor.predict(record)
      expect(latency_ms).toBe(measuredLatency(record))
      expect(low_ms).toBeUndefined()
    }
  })

  it('has intervals with the right coverage on other devices', () => {
    let inside = 0
    let all = 0
    for (const device of others.slice(0, 15)) {
      const references = [fresh, ...others].filter((other) => other !== device).flat()
      const predictor = loadPredictor(readableJson(trained(device.slice(0, 5), references)))
      for (const record of device.slice(5)) {
        const { low_ms = NaN, high_ms = NaN } = predictor.predict(record, 0.8)
        const latency = measuredLatency(record) ?? NaN
        if (latency >= low_ms && latency <= high_ms) inside++
        all++
      }
    }
    expect(inside / all).toBeGreaterThan(0.65)
    expect(inside / all).toBeLessThan(0.95)
  })

  it.each([0, 3])('leaves out a measurement that is five times too long: %i', (index) => {
    const records = five.map((record, i) => (i === index ? slowed(record, 5) : record))
    const file = trained(records)
    expect(file.training.left_out).toBe(five[index].id)
    const predictor = loadPredictor(readableJson(file))
    expect(Math.max(...errorsOf(predictor))).toBeLessThan(0.2)
    const { latency_ms } = predictor.predict(five[index])
    expect(latency_ms).toBeLessThan(1.5 * (measuredLatency(five[index]) ?? NaN))
  })

  it('is robust to wrong values and gaps in the tables', () => {
    const damaged = others.map((device, i) =>
      device
        .map((record, n) => ((i * 7 + n * 5) % 17 ? record : slowed(record, 4)))
        .filter((_, n) => (i * 5 + n * 3) % 11),
    )
    const errors = errorsOf(loadPredictor(readableJson(trained(five, damaged.flat()))))
    expect(Math.max(...errors)).toBeLessThan(0.25)
  })

  it('refuses a network that is not in the tables', () => {
    const predictor = loadPredictor(readableJson(trained(five)))
    for (const id of ['net-99', 'toString']) {
      expect(() => predictor.predict({ id })).toThrow(failing('out-of-domain', id))
    }
  })

  it('refuses tables with too few networks of the device', () => {
    expect(() => trained(five.slice(0, 2))).toThrow(failing('usage', 'at least 3 are needed'))
    expect(() => trained(five, [])).toThrow(failing('usage', 'only 0 of the measured networks'))
  })

  it.each([
    ['measured', { 'net-0': 'fast' }],
    ['networks', { 'net-7': { latency_ms: -1, spread: 1 } }],
    ['errors', [null]],
  ])('refuses a damaged file: %s', (member, value) => {
    const file = trained(five)
    const damaged = { ...file, parameters: { ...file.parameters, [member]: value } }
    expect(() => loadPredictor(JSON.stringify(damaged))).toThrow(failing('usage', member))
  })
})

describe('shareHardware', () => {
  it('is true for the same board in other settings, and for the same GPU on another board', () => {
    const run = (device: string, environment: Record<string, string>) =>
      tableOf([
        {
          ...fresh[0],
          measurement: { ...fresh[0].measurement, device, environment },
        } as LetiRecord,
      ]).runs[0]
    const board = run('a', { soc: 'x' })
    expect(shareHardware(board, run('b', { soc: 'x' }))).toBe(true)
    expect(shareHardware(board, run('b', { soc: 'y' }))).toBe(false)
    expect(shareHardware(run('a', { gpu: 'g' }), run('b', { soc: 'y', gpu: 'g' }))).toBe(true)
  })
})
