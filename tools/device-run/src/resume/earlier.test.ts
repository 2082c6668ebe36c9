import type { Setting } from '@leti/devices'
import type { LetiRecord, Measurement } from '@leti/records'
import { expect, test } from 'vitest'
import { EarlierOutput } from './earlier.js'

const SETTING: Setting = {
  device: 'mine',
  target: 'chromium',
  runtime: 'tfjs@4.22.0',
  backend: 'wasm',
  threads: 1,
  batch: 1,
  environment: { cpu: 'EPYC', browser: 'Chrome/156' },
}
const ARCH = { space: 'nb101', module_operations: ['input', 'output'] }
const RECORD: LetiRecord = { id: 'a', arch: ARCH }

const measured = (record: LetiRecord, setting: Partial<Measurement> = SETTING): LetiRecord => ({
  ...record,
  measurement: { device: 'mine', ...setting, latency_ms: { median: 1 } },
})

function earlier(...records: LetiRecord[]): EarlierOutput {
  const output = new EarlierOutput('device-run')
  for (const record of records) output.add(record)
  return output
}

test('a network that was measured with the same setting is finished', () => {
  const output = earlier(measured(RECORD))
  expect(output.takeMeasurement({ id: 'b', arch: ARCH }, SETTING, 1)).toBe(false)
  expect(output.takeMeasurement(RECORD, SETTING, 1)).toBe(true)
  expect(output.skipped).toBe(1)
})

test.each<[string, Partial<Setting>]>([
  ['device', { device: 'other' }],
  ['target', { target: 'node' }],
  ['runtime', { runtime: 'litert@2.5.3' }],
  ['backend', { backend: 'webgpu' }],
  ['number of threads', { threads: 2 }],
  ['batch', { batch: 8 }],
  ['runner', { environment: { runner: 'app' } }],
  ['CPU', { environment: { cpu: 'Xeon' } }],
])('another %s is another measurement', (name, change) => {
  const before: Setting =
    name === 'runner' ? { ...SETTING, environment: { runner: 'binary' } } : SETTING
  expect(
    earlier(measured(RECORD, before)).takeMeasurement(RECORD, { ...before, ...change }, 1),
  ).toBe(false)
})

test.each<[string, Partial<Setting>]>([
  ['version of the runtime', { runtime: 'tfjs@5.0.0' }],
  ['version of the browser', { environment: { cpu: 'EPYC', browser: 'Chrome/200' } }],
])('another %s is the same measurement', (_name, change) => {
  expect(earlier(measured(RECORD)).takeMeasurement(RECORD, { ...SETTING, ...change }, 1)).toBe(true)
})

test('what an older record does not say does not tell it apart', () => {
  const older = measured({ id: 'a' }, { device: 'mine', runtime: 'tfjs', backend: 'wasm' })
  expect(earlier(older).takeMeasurement(RECORD, SETTING, 1)).toBe(true)
})

test('another network under the same id is measured', () => {
  const other = { id: 'a', arch: { ...ARCH, config: { stem_filter_size: 8 } } }
  expect(earlier(measured(other)).takeMeasurement(RECORD, SETTING, 1)).toBe(false)
  const reordered = { id: 'a', arch: { module_operations: ['input', 'output'], space: 'nb101' } }
  expect(earlier(measured(reordered)).takeMeasurement(RECORD, SETTING, 1)).toBe(true)
})

test('another model under the same id is measured', () => {
  const model = { format: 'tfjs', path: 'a/model.json', sha256: '1' }
  const given: LetiRecord = { ...RECORD, model }
  expect(earlier(measured(given)).takeMeasurement(given, SETTING, 1)).toBe(true)
  const int8 = { ...RECORD, model: { ...model, sha256: '2', weights: 'int8' } }
  expect(earlier(measured(given)).takeMeasurement(int8, SETTING, 1)).toBe(false)
  // The digest of a converted model is not that of the record's own file.
  const converted = { format: 'tflite', sha256: '3', converted_from: '1' }
  expect(
    earlier(measured({ ...RECORD, model: converted })).takeMeasurement(given, SETTING, 1),
  ).toBe(true)
})

test('each measurement answers for one record: a network may be measured several times', () => {
  const output = earlier(measured(RECORD), measured(RECORD))
  const answers = [1, 2, 3].map(() => output.takeMeasurement(RECORD, SETTING, 1))
  expect(answers).toEqual([true, true, false])
})

test('its own errors are tried again; those that other tools made are not written twice', () => {
  const own = { ...RECORD, error: { tool: 'device-run', code: 'timeout' } }
  const others = { id: 'b', error: { tool: 'gen-model', code: 'bad-arch' } }
  const output = earlier(own, others)
  expect(output.takeMeasurement(RECORD, SETTING, 1)).toBe(false)
  expect(output.takeFailed(others)).toBe(true)
  expect(output.takeFailed(others)).toBe(false)
})

test('each visit is finished on its own', () => {
  const visit = (number: number) => measured(RECORD, { ...SETTING, visit: number })
  const output = earlier(visit(3), visit(1))
  const answers = [1, 2, 3, 1].map((number) => output.takeMeasurement(RECORD, SETTING, number))
  expect(answers).toEqual([true, false, true, false])
})

test('a record without its visit answers for any, but only if no other does', () => {
  const output = earlier(measured(RECORD), measured(RECORD, { ...SETTING, visit: 1 }))
  const answers = [1, 2, 3].map((number) => output.takeMeasurement(RECORD, SETTING, number))
  expect(answers).toEqual([true, true, false])
})

test('a network whose file fixes a batch is measured once', () => {
  const record = { ...RECORD, model: { format: 'tfjs', batch: 8 } }
  const output = earlier(measured(record, { ...SETTING, batch: 8 }))
  expect(output.takeMeasurement(RECORD, SETTING, 1)).toBe(true)
})
