import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { kernelsOf } from './kernels.js'
import { measuredLatency } from './measurement.js'
import { RECORD_SCHEMA, toRecord } from './record.js'

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
const acceptedByAjv = ajv.compile(RECORD_SCHEMA)

const MEASURED = new URL('../../../fixtures/measured/', import.meta.url)

function measuredRecords(file: string): unknown[] {
  const bytes = readFileSync(new URL(file, MEASURED))
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}

const KERNEL = {
  type: 'conv2d',
  count: 2,
  input_shapes: [[8, 8, 4]],
  output_shape: [8, 8, 4],
  window: [1, 1],
  strides: [1, 1],
  macs: 1024,
  input_bytes: 1024,
  output_bytes: 1024,
  weight_bytes: 64,
}
const MEASUREMENT = {
  device: 'pixel',
  latency_ms: { median: 1, mean: 1, std: 0, min: 1, count: 8, ci95: [1, 1] },
  environment: { os: 'Android 15', cpu_count: 8, cross_origin_isolated: true },
}
const RECORD = {
  id: 'n',
  arch: { space: 'zoo', name: 'alexnet' },
  model: { format: 'onnx', path: 'n.onnx', parameters: 3, macs: 4 },
  measurement: MEASUREMENT,
  features: { macs: 4 },
  kernels: [KERNEL],
  prediction: { latency_ms: 1, predictor: 'pixel' },
}

test('a model made by hand needs no counts', () => {
  const record = { id: 'n', model: { format: 'tflite', path: 'n.tflite' } }
  expect(toRecord(record)).toEqual(record)
})

test('the schema is valid JSON Schema, and describes each member', () => {
  expect(ajv.validateSchema(RECORD_SCHEMA)).toBe(true)
  expect(undescribed(RECORD_SCHEMA, 'record')).toEqual([])
})

/** Paths of the members that have no description. */
function undescribed(schema: object, path: string): string[] {
  const {
    description,
    properties = {},
    items,
  } = schema as {
    description?: string
    properties?: Record<string, object>
    items?: { properties?: object }
  }
  return [
    ...(description ? [] : [path]),
    ...Object.entries(properties).flatMap(([name, member]) =>
      undescribed(member, `${path}.${name}`),
    ),
    ...(items?.properties ? undescribed(items, `${path}[]`) : []),
  ]
}

test.each(readdirSync(MEASURED))('the records of %s are valid, also to ajv', (file) => {
  for (const record of measuredRecords(file)) {
    expect(toRecord(record)).toBe(record)
    expect(acceptedByAjv(record)).toBe(true)
  }
})

test.each<[string, unknown]>([
  ['a record with all members', RECORD],
  ['only an id', { id: '.n' }],
  ['an error of another program', { id: 'n', error: { reason: 1 } }],
  [
    'a measurement from a published table',
    { id: 'n', measurement: { device: 'd', latency_ms: { mean: 1 } } },
  ],
  ['a member that no tool knows', { id: 'n', mine: null, model: { ...RECORD.model, mine: [1] } }],
  ['no kernels', { id: 'n', kernels: [] }],
  ['a scalar output', { id: 'n', kernels: [{ ...KERNEL, output_shape: [] }] }],
])('accepts %s, as ajv does', (_, record) => {
  expect(toRecord(record)).toBe(record)
  expect(acceptedByAjv(record)).toBe(true)
})

const withKernel = (members: object) => ({ id: 'n', kernels: [KERNEL, { ...KERNEL, ...members }] })
const withMeasurement = (members: object) => ({
  id: 'n',
  measurement: { ...MEASUREMENT, ...members },
})

test.each<[string, unknown]>([
  ['expected a LETI record: a JSON object with an "id", one on each line', null],
  ['expected a LETI record: a JSON object with an "id", one on each line', []],
  ['"id" is missing; it must be a string of [A-Za-z0-9._-]', {}],
  ['"id" must be a string of [A-Za-z0-9._-]', { id: 1 }],
  ['"id" must be a string of [A-Za-z0-9._-]', { id: 'a/b' }],
  ['"id" must be a string of [A-Za-z0-9._-]', { id: '..' }],
  ['"id" must be a string of [A-Za-z0-9._-]', { id: 'n\n' }],
  ['"arch" must be an object', { id: 'n', arch: null }],
  ['"arch.space" is missing; it must be a string', { id: 'n', arch: {} }],
  ['"model" must be an object', { id: 'n', model: [] }],
  ['"features.macs" must be a finite number', { id: 'n', features: { macs: '1' } }],
  ['"features.macs" must be a finite number', { id: 'n', features: { macs: Infinity } }],
  ['"measurement.device" is missing; it must be a string', { id: 'n', measurement: {} }],
  [
    '"measurement.latency_ms.min" must be a finite number of at least 0',
    withMeasurement({ latency_ms: { min: -1 } }),
  ],
  [
    '"measurement.latency_ms.median_is" must be one of mean',
    withMeasurement({ latency_ms: { median_is: 'mode' } }),
  ],
  [
    '"measurement.latency_ms.ci95" must be a lower and an upper bound, ms',
    withMeasurement({ latency_ms: { ci95: [1] } }),
  ],
  [
    '"measurement.latency_ms.ci95[1]" must be a finite number of at least 0',
    withMeasurement({ latency_ms: { ci95: [1, null] } }),
  ],
  ['"measurement.verified" must be true or false', withMeasurement({ verified: 1 })],
  [
    '"measurement.environment.cpu" must be a string or number or boolean',
    withMeasurement({ environment: { cpu: null } }),
  ],
  [
    '"measurement.kernels[0].ms" is missing; it must be a finite number of at least 0',
    withMeasurement({ kernels: [{ name: 'Conv2D' }] }),
  ],
  ['"kernels" must be a list of at most 100000 items', { id: 'n', kernels: {} }],
  ['"kernels[0]" must be an object', { id: 'n', kernels: [null] }],
  ['"kernels[1].type" must be a string', withKernel({ type: 1 })],
  ['"kernels[1].count" must be a whole number of at least 1', withKernel({ count: 0 })],
  ['"kernels[1].macs" must be a finite number of at least 0', withKernel({ macs: -1 })],
  [
    '"kernels[1].input_bytes" must be a finite number of at least 0',
    withKernel({ input_bytes: '1' }),
  ],
  ['"kernels[1].input_shapes" must be a list', withKernel({ input_shapes: 1 })],
  [
    '"kernels[1].input_shapes[1][1]" must be a whole number of at least 1',
    withKernel({ input_shapes: [[8], [8, 0]] }),
  ],
  [
    '"kernels[1].output_shape" must be a list of at most 8 items',
    withKernel({ output_shape: Array(9).fill(1) }),
  ],
  [
    '"kernels[1].window" must be a height and a width, of a volume also a depth',
    withKernel({ window: [1, 1, 1, 1] }),
  ],
  ['"kernels[1].groups" must be a whole number of at least 1', withKernel({ groups: 0.5 })],
  ['"kernels[1].fused[0]" must be a string', withKernel({ fused: [1] })],
])('refuses, as ajv does: %s', (message, record) => {
  expect(() => toRecord(record)).toThrow(
    expect.objectContaining({ code: 'bad-input', message }) as Error,
  )
  expect(acceptedByAjv(record)).toBe(false)
})

test('a member that is undefined counts as absent', () => {
  expect(toRecord({ id: 'n', measurement: undefined }).measurement).toBeUndefined()
})

test('a record without kernels lacks them', () => {
  expect(() => kernelsOf(toRecord({ id: 'n' }))).toThrow(
    expect.objectContaining({ code: 'missing-feature' }) as Error,
  )
})

test('the mean stands in for a median that a table lacks', () => {
  const table = toRecord(withMeasurement({ latency_ms: { mean: 3 } }))
  expect(measuredLatency(table)).toBe(3)
  expect(() => measuredLatency(table, 'min')).toThrow(
    '"measurement.latency_ms.min" must be a positive number of milliseconds',
  )
})
