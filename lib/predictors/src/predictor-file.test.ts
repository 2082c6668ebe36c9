import { LetiError, type LetiRecord } from '@leti/records'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { PREDICTOR_KINDS } from './kinds/index.js'
import { PREDICTOR_KIND_NAMES } from './kinds/names.js'
import { networkJson } from './neural/network.js'
import { PREDICTOR_SCHEMA, toPredictorFile, type PredictorFile } from './predictor-file.js'
import { loadPredictor } from './predictor.js'
import { measuredRecord, synthetic } from './synthetic.fixture.js'
import { TABLES } from './tables/model.js'
import { trainPredictor } from './train.js'
import { TrainingRecords } from './training-records.js'

const acceptedByAjv = new Ajv2020({ strict: true, strictRequired: false }).compile(PREDICTOR_SCHEMA)

const KINDS = [...PREDICTOR_KIND_NAMES, TABLES]
const samples = synthetic(30, 0.02)
const record: LetiRecord = measuredRecord(samples[0])

const files = new Map<string, PredictorFile>()

beforeAll(async () => {
  const records = new TrainingRecords()
  for (const sample of samples) records.add(measuredRecord(sample))
  const options = { latencyScale: 'linear', seed: 0 } as const
  const trained = await trainPredictor(records.training(), { ...options, model: 'flops', folds: 5 })
  // Every damaged copy is checked as a whole.
  const flops = { ...trained, held_out: trained.held_out?.slice(0, 2) }
  const references = [loadPredictor(JSON.stringify(flops)).asReference()]
  for (const model of PREDICTOR_KIND_NAMES) {
    // Neural networks take minutes to train: these are not trained.
    if (model === 'mlp' || model === 'gcn') files.set(model, { ...flops, ...neural(model) })
    else {
      const fitted = await PREDICTOR_KINDS[model].fit(samples, { ...options, references })
      files.set(model, { ...flops, model, parameters: fitted.toJSON() })
    }
  }
  const networks = { a: { latency_ms: 2, spread: 0.1 } }
  const parameters = { measured: { [record.id]: 2 }, networks, errors: [0.1, 0.2] }
  files.set(TABLES, { ...flops, model: TABLES, parameters })
})

/** A neural network of one layer, with weights of 0. */
function neural(model: 'mlp' | 'gcn') {
  const zeros = (count: number) => new Float32Array(count)
  const layer = { weights: zeros(6), bias: zeros(3), scale: zeros(3), shift: zeros(3) }
  const network = networkJson({ layers: [layer], head: zeros(3), offset: 0 })
  const domain = { varying: Object.keys(samples[0].features), constant: {} }
  const input =
    model === 'mlp'
      ? { scalings: ['macs', 'bytes'].map((name) => ({ name, mean: 1, scale: 1 })) }
      : { names: ['graph_edge_0_1', 'graph_vertex_0_conv'] }
  return { model, parameters: { ...input, centre: 0, spread: 1, network, domain } }
}

const VALUES = [undefined, null, -1.5, {}, [null]]

/** Copies of the file with one value of its parameters replaced or removed: a few of each list. */
function* damaged(file: PredictorFile): Generator<PredictorFile> {
  for (const path of pathsIn(file.parameters)) {
    for (const value of VALUES) {
      const parameters = structuredClone(file.parameters)
      const holder = path
        .slice(0, -1)
        .reduce<object>((of, name) => Reflect.get(of, name) as object, parameters)
      const name = path[path.length - 1]
      if (value !== undefined) Reflect.set(holder, name, value)
      else if (Array.isArray(holder)) holder.splice(Number(name), 1)
      else Reflect.deleteProperty(holder, name)
      yield { ...file, parameters }
    }
  }
}

function pathsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return []
  const members = Object.entries(value).slice(0, Array.isArray(value) ? 2 : 12)
  return members.flatMap(([name, member]) => [
    [name],
    ...pathsIn(member).map((path) => [name, ...path]),
  ])
}

/** What our own check says of the value: the message of its error. */
function refusal(value: unknown): string | undefined {
  try {
    toPredictorFile(value)
    return undefined
  } catch (error) {
    if (error instanceof LetiError && error.code === 'usage') return error.message
    throw error
  }
}

describe.each(KINDS)('a file of the kind %s', (kind) => {
  it('is accepted, also by ajv', () => {
    const file: unknown = JSON.parse(JSON.stringify(files.get(kind)))
    expect(refusal(file)).toBeUndefined()
    expect(acceptedByAjv(file)).toBe(true)
  })

  it('with a damaged value is refused where ajv refuses it, and else predicts or says why not', () => {
    const outcomes = new Set<string>()
    for (const file of damaged(files.get(kind) as PredictorFile)) {
      const message = refusal(file)
      if (acceptedByAjv(file) !== (message === undefined)) outcomes.add(`ajv differs: ${message}`)
      else outcomes.add(message === undefined ? outcomeOf(file) : 'refused')
    }
    expect([...outcomes].filter((outcome) => !EXPECTED.includes(outcome))).toEqual([])
    expect(outcomes).toContain('refused')
  })
})

const EXPECTED = ['refused', 'usage', 'predicted', 'out-of-domain', 'missing-feature']

/** What comes of a file whose form is right. */
function outcomeOf(file: PredictorFile): string {
  try {
    const { latency_ms } = loadPredictor(JSON.stringify(file)).predict(record)
    return latency_ms > 0 && latency_ms < Infinity ? 'predicted' : `predicted ${latency_ms}`
  } catch (error) {
    return error instanceof LetiError && !error.message.includes('\n') ? error.code : String(error)
  }
}
