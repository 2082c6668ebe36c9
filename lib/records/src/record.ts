import { checked, isValid } from './check.js'
import { FEATURES } from './features.js'
import { isObject } from './is-object.js'
import { KERNELS } from './kernels.js'
import { ENVIRONMENT, MEASUREMENT } from './measurement.js'
import { MODEL } from './model.js'
import type { Schema, Static } from './schema.js'

const ARCH = {
  type: 'object',
  description: 'An architecture. Which other members it has depends on its search space.',
  required: ['space'],
  properties: {
    space: {
      type: 'string',
      description: 'Search space, such as nb101; `file` for a model file.',
    },
  },
  additionalProperties: {},
} as const satisfies Schema

const PREDICTION = {
  type: 'object',
  description: 'Predicted latency; added by predict.',
  required: ['latency_ms', 'predictor'],
  properties: {
    latency_ms: { type: 'number', description: 'Predicted latency, ms.' },
    low_ms: {
      type: 'number',
      description:
        'Lower bound of the interval that holds the share `coverage` of measurements, ms. ' +
        'Absent if the predictor has no intervals.',
    },
    high_ms: { type: 'number', description: 'Upper bound of that interval, ms.' },
    coverage: { type: 'number', description: 'Share of measurements in the interval, 0 to 1.' },
    predictor: { type: 'string', description: 'Name of the predictor.' },
    trained_on: {
      type: 'object',
      description:
        'What the predictor was trained on, as in `measurement`: evaluate compares the two.',
      properties: {
        device: { type: 'string', description: 'Name of the device.' },
        backend: { type: 'string', description: 'Backend.' },
        runtime: { type: 'string', description: 'Runtime and its version.' },
        threads: { type: 'number', description: 'Number of CPU threads.' },
        batch: { type: 'number', description: 'Number of inputs per run.' },
        environment: { ...ENVIRONMENT, description: 'What tells machines apart: cpu, gpu, ...' },
      },
    },
  },
} as const satisfies Schema

const RECORD_ERROR = {
  type: 'object',
  description:
    'Why a tool could not handle the record. Whatever it holds, later tools pass the record on unchanged.',
  properties: {
    tool: { type: 'string', description: 'Tool that failed.' },
    code: { type: 'string', description: 'Kind of error, such as timeout or bad-arch.' },
    message: { type: 'string', description: 'What is wrong, in one line.' },
  },
} as const satisfies Schema

const UNKNOWN = {
  type: 'object',
  description:
    'Operators of a model file that LETI does not know; added by gen-model and featurize. Absent if it knows all.',
  required: ['mac_share', 'operators'],
  properties: {
    mac_share: {
      type: 'number',
      minimum: 0,
      description:
        'Estimated share of the multiply-accumulates of the network that no feature counts, 0 to 1.',
    },
    operators: {
      type: 'array',
      items: { type: 'string' },
      description: 'Their names in the file.',
    },
  },
} as const satisfies Schema

const ID = {
  type: 'string',
  title: 'a string of [A-Za-z0-9._-]',
  pattern: '^(?!\\.+$)[A-Za-z0-9._-]+$',
  description: 'Name of the network: the same in every tool, and safe as a file name.',
} as const satisfies Schema

/**
 * The records that travel between the tools, one JSON object a line. The name of a number carries its
 * unit; a value that is not known is absent. Each tool adds its own member and passes on all members
 * that it does not know.
 */
export const RECORD_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:leti:record',
  title: 'a LETI record: a JSON object with an "id", one on each line',
  description: 'A neural network and what is known of it: one JSON object, one line.',
  type: 'object',
  required: ['id'],
  properties: {
    id: ID,
    arch: ARCH,
    model: MODEL,
    unknown: UNKNOWN,
    measurement: MEASUREMENT,
    features: FEATURES,
    kernels: KERNELS,
    prediction: PREDICTION,
    error: RECORD_ERROR,
  },
  additionalProperties: {},
} as const satisfies Schema

export type Arch = Static<typeof ARCH>

export type Prediction = Static<typeof PREDICTION>

export type UnknownWork = Static<typeof UNKNOWN>

export type RecordError = Static<typeof RECORD_ERROR>

export type LetiRecord = Static<typeof RECORD_SCHEMA>

/** @throws {LetiError} `bad-input` if the value does not fit `RECORD_SCHEMA` */
export function toRecord(value: unknown): LetiRecord {
  return checked(value, RECORD_SCHEMA, 'bad-input')
}

/** Whether a value has the id of a record, so that an error can be told of it. */
export function isIdentified(value: unknown): value is { readonly id: string; error?: unknown } {
  return isObject(value) && isValid(value.id, ID)
}
