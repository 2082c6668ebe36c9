import type { Schema, Static } from '@leti/records'
import type { PredictorKind } from '../kind.js'
import { graphOf, layoutOf } from './graph.js'
import { fitNeural, NEURAL, toNeural, type Encoder } from './model.js'

/** As published: four graph convolutions of width 600. */
const WIDTHS = [600, 600, 600, 600]

const GCN = {
  ...NEURAL,
  required: [...NEURAL.required, 'names'],
  properties: {
    names: {
      type: 'array',
      items: { type: 'string' },
      description: 'Features of the set "graph" that it reads.',
    },
    ...NEURAL.properties,
  },
} as const satisfies Schema

/** The graph-convolutional network of BRP-NAS (Dudziak et al., NeurIPS 2020). */
export const gcn: PredictorKind = {
  async fit(samples, { seed }) {
    const { encoder } = encoderOf(Object.keys(samples[0].features))
    return fitNeural(samples, encoder, WIDTHS, seed)
  },

  schema: GCN,

  fromJSON(parameters: Static<typeof GCN>) {
    const { encoder, inputs } = encoderOf(parameters.names)
    return toNeural(parameters, encoder, inputs)
  },
}

function encoderOf(all: readonly string[]) {
  const layout = layoutOf(all)
  const names = [...layout.edges, ...layout.marks].map(({ name }) => name)
  const encoder: Encoder = {
    graphOf: (features) => graphOf(features, layout),
    needed: names,
    json: { names },
  }
  return { encoder, inputs: layout.operations.length + 1 }
}
