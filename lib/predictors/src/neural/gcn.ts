import { list, object, text } from '../checks.js'
import type { PredictorKind } from '../kind.js'
import { graphOf, layoutOf } from './graph.js'
import { fitNeural, toNeural, type Encoder } from './model.js'

/** As published: four graph convolutions of width 600. */
const WIDTHS = [600, 600, 600, 600]

/** The graph-convolutional network of BRP-NAS (Dudziak et al., NeurIPS 2020). */
export const gcn: PredictorKind = {
  async fit(samples, { seed }) {
    const { encoder } = encoderOf(Object.keys(samples[0].features))
    return fitNeural(samples, encoder, WIDTHS, seed)
  },

  fromJSON(value) {
    const names = list(object(value, 'parameters').names, 'parameters.names')
    const { encoder, inputs } = encoderOf(
      names.map((name, i) => text(name, `parameters.names[${i}]`)),
    )
    return toNeural(value, encoder, inputs)
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
