import { MACS, type Schema, type Static } from '@leti/records'
import { evenly } from './evenly.js'
import type { Sample } from './sample.js'
import type { Validation } from './validation.js'

export const HELD_OUT = {
  type: 'array',
  description:
    'Training networks, as models predicted them that were fitted without them: search asks how much those took ' +
    'longer that it would have proposed. Absent in old files, and where kernels are predicted.',
  items: {
    type: 'object',
    required: ['id', 'latency_ms', 'predicted_ms', 'macs'],
    properties: {
      id: { type: 'string', description: 'Id of the network.' },
      latency_ms: { type: 'number', description: 'The measured latency, ms.' },
      predicted_ms: { type: 'number', exclusiveMinimum: 0 },
      uncertainty: {
        type: 'number',
        description: 'Of the prediction, in the unit of the errors. Absent: 1.',
      },
      macs: { type: 'number', description: 'Multiply-accumulates.' },
      parameters: { type: 'number', description: 'Absent if the records did not state them.' },
    },
  },
} as const satisfies Schema

export type HeldOut = Static<typeof HELD_OUT>

/** Most networks that a file keeps: 130 bytes each. */
const MAX_NETWORKS = 1000

/** The held-out predictions of a cross-validation. Those that are not above 0 are left out. */
export function heldOutOf(
  samples: readonly Sample[],
  { predicted, uncertainties }: Validation,
): HeldOut {
  const rows = [...samples.keys()].filter((i) => predicted[i] > 0)
  return evenly(rows, MAX_NETWORKS).map((i) => {
    const { id, latency_ms, features } = samples[i]
    const { [MACS]: macs, parameters } = features
    return {
      id,
      latency_ms: rounded(latency_ms),
      predicted_ms: rounded(predicted[i]),
      ...(uncertainties[i] !== 1 && { uncertainty: rounded(uncertainties[i]) }),
      macs,
      ...(parameters !== undefined && { parameters }),
    }
  })
}

function rounded(value: number): number {
  return Number(value.toPrecision(6))
}
