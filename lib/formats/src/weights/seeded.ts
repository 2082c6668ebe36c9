import { elements, filterShape, operatorCost, type Network, type Node } from '@leti/network'
import { tfliteFilter } from '../tflite/layout.js'
import { activationMoments } from './activation-moments.js'
import { secondMoment } from './moments.js'
import { RandomNumbers } from './random-block.js'
import type { WeightRole, Weights } from './weights.js'

/**
 * Seeded weights: the same seed and tensor name give the same numbers on every machine and in every
 * format. Filters are He-initialized (uniform; He et al., "Delving Deep into Rectifiers", 2015), with
 * the scale of a trained batch norm folded in, so that activations stay near one however many branches a
 * cell adds, and half-precision devices do not overflow. Biases are small, as in a trained network.
 *
 * The numbers of a filter are in TFLite's order: its files are written most often.
 */
export function seededWeights(network: Network, seed: number): Weights {
  const { nodes } = network
  const moments = activationMoments(network)
  const indexOf = new Map(nodes.map(({ name }, index) => [name, index]))
  const nodeOf = (name: string): Node => nodes[indexOf.get(name) as number]
  const tensor = (name: string, role: WeightRole): string => `${seed}/${name}/${role}`

  const filterOf = (name: string) => {
    const node = nodeOf(name)
    const inputs = node.inputs.map((input) => nodes[input].shape)
    const shape = filterShape(node.operator, inputs[0]) ?? []
    // A batch norm alone multiplies each element by one number: its fan-in is 1.
    const fanIn = operatorCost(node, inputs).macs / elements(node.shape) || 1
    const variance = 1 / (fanIn * secondMoment(moments[node.inputs[0]]))
    const numbers = new RandomNumbers(
      tensor(name, 'filter'),
      elements(shape),
      Math.sqrt(3 * variance),
    )
    return { numbers, layout: tfliteFilter(shape, node.operator.type) }
  }

  const valueOf = (name: string): Float32Array => {
    const { operator, shape } = nodeOf(name)
    const size = elements(shape)
    const value = operator.type === 'constant' ? operator.value : undefined
    if (value !== undefined) return new Float32Array(size).fill(value)
    // Uniform in [0, 1).
    return new RandomNumbers(tensor(name, 'value'), size, 0.5).all().map((number) => number + 0.5)
  }

  const weights = (name: string, role: WeightRole): Float32Array => {
    if (role === 'value') return valueOf(name)
    if (role === 'bias') {
      return new RandomNumbers(tensor(name, 'bias'), nodeOf(name).shape.at(-1) ?? 0, 0.1).all()
    }
    const { numbers, layout } = filterOf(name)
    return layout.toTensorFlow(numbers.all())
  }
  return Object.assign(weights, {
    tfliteFilter: (name: string) => filterOf(name).numbers.pieces(),
  })
}
