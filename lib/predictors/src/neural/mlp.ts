import { finiteNumber, list, object, text } from '../checks.js'
import { domainOf } from '../domain.js'
import { equalShares, designOf, rowOf, type Scaling } from '../design.js'
import type { PredictorKind } from '../kind.js'
import { fitNeural, toNeural, type Encoder } from './model.js'
import { pointOf } from './network.js'

const WIDTHS = [800, 800, 800, 800]

/** A multilayer perceptron on all features, standardized. */
export const mlp: PredictorKind = {
  async fit(samples, { seed }) {
    const { varying } = domainOf(samples)
    const { scalings } = designOf(samples, varying, 'linear', equalShares(samples))
    return fitNeural(samples, encoderOf(scalings), WIDTHS, seed)
  },

  fromJSON(value) {
    const scalings = list(object(value, 'parameters').scalings, 'parameters.scalings').map(scaling)
    return toNeural(value, encoderOf(scalings), scalings.length)
  },
}

function encoderOf(scalings: readonly Scaling[]): Encoder {
  return {
    graphOf: (features) => pointOf(Float32Array.from(rowOf(features, scalings, 'linear'))),
    needed: scalings.map(({ name }) => name),
    json: { scalings },
  }
}

function scaling(value: unknown, index: number): Scaling {
  const place = `parameters.scalings[${index}]`
  const { name, mean, scale } = object(value, place)
  return {
    name: text(name, `${place}.name`),
    mean: finiteNumber(mean, `${place}.mean`),
    scale: finiteNumber(scale, `${place}.scale`),
  }
}
