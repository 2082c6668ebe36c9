import type { Schema, Static } from '@leti/records'
import { domainOf } from '../domain.js'
import { equalShares, designOf, rowOf, SCALING, type Scaling } from '../design.js'
import type { PredictorKind } from '../kind.js'
import { fitNeural, NEURAL, toNeural, type Encoder } from './model.js'
import { pointOf } from './network.js'

const WIDTHS = [800, 800, 800, 800]

const MLP = {
  ...NEURAL,
  required: [...NEURAL.required, 'scalings'],
  properties: {
    scalings: { type: 'array', items: SCALING, description: 'The features that it reads.' },
    ...NEURAL.properties,
  },
} as const satisfies Schema

/** A multilayer perceptron on all features, standardized. */
export const mlp: PredictorKind = {
  async fit(samples, { seed }) {
    const { varying } = domainOf(samples)
    const { scalings } = designOf(samples, varying, 'linear', equalShares(samples))
    return fitNeural(samples, encoderOf(scalings), WIDTHS, seed)
  },

  schema: MLP,

  fromJSON(parameters: Static<typeof MLP>) {
    const { scalings } = parameters
    return toNeural(parameters, encoderOf(scalings), scalings.length)
  },
}

function encoderOf(scalings: readonly Scaling[]): Encoder {
  return {
    graphOf: (features) => pointOf(Float32Array.from(rowOf(features, scalings, 'linear'))),
    needed: scalings.map(({ name }) => name),
    json: { scalings },
  }
}
