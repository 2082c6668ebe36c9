import type { Schema, Static } from './schema.js'

/** A model file, or a network that can be written as one. */
export const MODEL = {
  type: 'object',
  description:
    'A model file, or a network that can be written as one; added by gen-model. A record made by hand for device-run needs format and path.',
  required: ['format'],
  properties: {
    format: { type: 'string', description: 'Format of the file, such as tflite.' },
    path: {
      type: 'string',
      description:
        'File to load, relative to the working directory. Absent if no file was written.',
    },
    sha256: { type: 'string', description: "SHA-256 of the model's files, in hexadecimal." },
    converted_from: {
      type: 'string',
      description:
        "SHA-256 of the model that device-run converted, if its runtime needs another format than the record's.",
    },
    bytes: { type: 'integer', minimum: 0, description: "Size of the model's files, bytes." },
    batch: {
      type: 'integer',
      minimum: 1,
      description:
        'Number of inputs that the network computes at once, as its file fixes it; parameters aside, all numbers are those of the whole batch. Absent: 1.',
    },
    weights: {
      type: 'string',
      description: 'How the weights are stored, such as int8. Absent: float32.',
    },
    parameters: {
      type: 'integer',
      minimum: 0,
      description:
        'Trainable parameters of the network as written; equal to the feature `parameters`.',
    },
    macs: {
      type: 'number',
      minimum: 0,
      description:
        'Multiply-accumulates of the network as written; equal to the feature `macs`. FLOPs are twice as many.',
    },
    executed_parameters: {
      type: 'integer',
      minimum: 0,
      description:
        'Trainable parameters of the graph that the model file holds. Absent if a converter leaves all of them.',
    },
    executed_macs: {
      type: 'number',
      minimum: 0,
      description:
        'Multiply-accumulates of the graph that the model file holds. Absent if a converter leaves all of them.',
    },
  },
} as const satisfies Schema

export type Model = Static<typeof MODEL>
