import { LetiError } from './errors.js'
import type { Schema, Static } from './schema.js'

export const FEATURES = {
  type: 'object',
  description: 'Numbers that describe the network, by name; added by featurize.',
  additionalProperties: { type: 'number' },
} as const satisfies Schema

export type Features = Static<typeof FEATURES>

/** @throws {LetiError} `missing-feature` if the record has no features */
export function featuresOf({ features }: { readonly features?: Features }): Features {
  if (features) return features
  throw new LetiError('missing-feature', 'no "features": run featurize first')
}
