import { checked, STATISTICS, type ObjectSchema, type Schema, type Static } from '@leti/records'
import { CONFORMAL } from './conformal.js'
import { HELD_OUT } from './held-out.js'
import { TRIED_KIND } from './kind.js'
import { PREDICTOR_KINDS } from './kinds/index.js'
import { PREDICTOR_KIND_NAMES, type PredictorKindName } from './kinds/names.js'
import { LIMITS } from './limits/index.js'
import { METRICS } from './metrics.js'
import { LATENCY_SCALES } from './model.js'
import { TABLE_PARAMETERS, TABLES } from './tables/model.js'

/** The members that open every predictor file. */
export const HEAD = { format: 'leti-predictor', version: 1 } as const

const HEAD_PROPERTIES = {
  format: { enum: [HEAD.format], title: `"${HEAD.format}"` },
  version: {
    enum: [HEAD.version],
    title: `${HEAD.version}: no other version of the format is known`,
  },
} as const

// The type of a schema's values is computed from a tuple: here one whose item may be any kind.
const KINDS = [...PREDICTOR_KIND_NAMES, TABLES] as unknown as readonly [
  PredictorKindName | typeof TABLES,
]

const TITLE = `a predictor: a JSON object with the "format" "${HEAD.format}"`

const TRAINING = {
  type: 'object',
  description: 'The training set.',
  required: ['count', 'latency_ms'],
  properties: {
    count: {
      type: 'number',
      description: 'Number of networks. One that was measured several times counts once.',
    },
    measurements: {
      type: 'number',
      description: 'Number of measurements, if networks were measured several times.',
    },
    latency_ms: {
      type: 'object',
      description: 'Range of the measured latencies, ms.',
      required: ['min', 'max'],
      properties: { min: { type: 'number' }, max: { type: 'number' } },
    },
    left_out: {
      type: 'string',
      description:
        'Ids of networks that were left out, since the others contradict their measurements; ' +
        'comma-separated.',
    },
    contradicted: {
      type: 'array',
      description: 'The measurements that were left out. Absent in old files.',
      items: {
        type: 'object',
        required: ['id', 'latency_ms', 'expected_ms'],
        properties: {
          id: { type: 'string', description: 'Id of the network.' },
          latency_ms: { type: 'number', description: 'The measured latency, ms.' },
          expected_ms: { type: 'number', description: 'What the others let expect, ms.' },
        },
      },
    },
  },
} as const satisfies Schema

const CROSS_VALIDATION = {
  type: 'object',
  description: 'Accuracy on held-out samples.',
  required: ['folds', 'seed', 'metrics'],
  properties: {
    folds: { type: 'number', description: 'Number of folds.' },
    seed: { type: 'number', description: 'Seed for assigning folds.' },
    metrics: METRICS,
    mape_floor_percent: {
      type: 'number',
      description:
        'The MAPE of a perfect predictor: the noise of the measurements, %. Absent if too few networks were ' +
        'measured twice.',
    },
    proxy: {
      ...METRICS,
      description: 'Metrics of the MACs proxy on the same folds. Absent if this is the proxy.',
    },
    tried: {
      type: 'array',
      items: TRIED_KIND,
      description: 'The kinds that auto compared. Absent for other kinds.',
    },
  },
} as const satisfies Schema

/** The members that all kinds of predictors have. */
const COMMON = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:leti:predictor',
  title: TITLE,
  description: 'A latency predictor, made by train and read by predict.',
  type: 'object',
  required: [
    'format',
    'version',
    'model',
    'target',
    'device',
    'environment',
    'spaces',
    'training',
    'cross_validation',
    'parameters',
  ],
  properties: {
    ...HEAD_PROPERTIES,
    model: {
      enum: KINDS,
      description: 'The kind of predictor.',
    },
    target: {
      enum: LATENCY_SCALES,
      description: 'The scale on which latency was fitted: in ms, or its logarithm.',
    },
    device: { type: 'string', description: 'Name of the device that was measured.' },
    backend: { type: 'string', description: 'Backend. Absent if the measurements named none.' },
    runtime: { type: 'string', description: 'Runtime, if it was the same in all measurements.' },
    threads: { type: 'number', description: 'Threads, if the same in all measurements.' },
    batch: { type: 'number', description: 'Batch size, if the same in all measurements.' },
    environment: {
      type: 'object',
      description: 'Members of the environment that are the same in all measurements.',
      additionalProperties: {},
    },
    spaces: {
      type: 'array',
      items: { type: 'string' },
      description: 'Search spaces of the training set; empty if the records named none.',
    },
    statistic: {
      enum: STATISTICS,
      description: "Statistic of a measurement's runs that is predicted. Absent: the median.",
    },
    training: TRAINING,
    cross_validation: CROSS_VALIDATION,
    conformal: CONFORMAL,
    held_out: HELD_OUT,
    domain: LIMITS,
    parameters: { type: 'object', description: 'Parameters of the kind of predictor.' },
  },
} as const satisfies Schema

export type PredictorFile = Static<typeof COMMON>

const PARAMETERS: Readonly<Record<string, ObjectSchema>> = {
  ...Object.fromEntries(PREDICTOR_KIND_NAMES.map((name) => [name, PREDICTOR_KINDS[name].schema])),
  [TABLES]: TABLE_PARAMETERS,
}

/** Holds the `parameters` of an object to the schema of the kind that its `model` names. */
function parametersOf(kinds: readonly string[]) {
  return kinds.map((kind) => ({
    if: { type: 'object', properties: { model: { enum: [kind] } } } as const,
    then: { type: 'object', properties: { parameters: reference(kind) } } as const,
  }))
}

function reference(name: string): ObjectSchema {
  return { type: 'object', $ref: `#/$defs/${name}` }
}

/** A predictor as one JSON document, which loads without any other file. */
export const PREDICTOR_SCHEMA: ObjectSchema = {
  ...COMMON,
  allOf: parametersOf(Object.keys(PARAMETERS)),
  $defs: {
    ...PARAMETERS,
    saved_model: {
      type: 'object',
      description: 'A predictor within the parameters of another one.',
      properties: { model: { enum: PREDICTOR_KIND_NAMES } },
      allOf: parametersOf(PREDICTOR_KIND_NAMES),
    },
  },
}

const HEAD_SCHEMA = {
  type: 'object',
  title: TITLE,
  required: ['format'],
  properties: HEAD_PROPERTIES,
} as const satisfies Schema

/** @throws {LetiError} `usage` if the value is not a predictor file; the message names the member */
export function toPredictorFile(value: unknown): PredictorFile {
  // First the head: a file of another format lacks all other members too.
  checked(value, HEAD_SCHEMA, 'usage')
  return checked(value, PREDICTOR_SCHEMA, 'usage') as PredictorFile
}
