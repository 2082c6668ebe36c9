import type { Features, Schema, Static } from '@leti/records'

export const COST_SUM = {
  type: 'object',
  description:
    'A sum of what features cost, which says how long a network outside of the training set may take, ' +
    'whatever the kind of predictor. Absent in old files.',
  required: ['base_ms', 'ms'],
  properties: {
    base_ms: { type: 'number', description: 'What every network costs, ms.' },
    ms: {
      type: 'object',
      description: 'ms per unit of each feature.',
      additionalProperties: { type: 'number' },
    },
  },
} as const satisfies Schema

export type CostSum = Static<typeof COST_SUM>

/** The sum for a network; `undefined` if it lacks one of the features. */
export function costOf({ base_ms, ms }: CostSum, features: Features): number | undefined {
  let sum = base_ms
  for (const name in ms) {
    if (features[name] === undefined) return undefined
    sum += ms[name] * features[name]
  }
  return sum
}
