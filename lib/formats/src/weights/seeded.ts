import { createHash } from 'node:crypto'
import { elements, filterShape, operatorCost, type Network } from '@leti/network'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { activationMoments } from './activation-moments.js'
import { secondMoment } from './moments.js'
import type { Weights } from './weights.js'

/**
 * Seeded weights: the same seed and tensor name give the same numbers on every machine and in every
 * format. Filters are He-initialized (uniform; He et al., "Delving Deep into Rectifiers", 2015), with
 * the scale of a trained batch norm folded in, so that activations stay near one however many branches a
 * cell adds, and half-precision devices do not overflow. Biases are small, as in a trained network.
 */
export function seededWeights(network: Network, seed: number): Weights {
  const { nodes } = network
  const moments = activationMoments(network)
  const indexOf = new Map(nodes.map(({ name }, index) => [name, index]))
  return (name, role) => {
    const node = nodes[indexOf.get(name) as number]
    const tensor = `${seed}/${name}/${role}`
    if (role === 'value') {
      const size = elements(node.shape)
      const value = node.operator.type === 'constant' ? node.operator.value : undefined
      return value === undefined ? uniform(tensor, size, 0, 1) : new Float32Array(size).fill(value)
    }
    if (role === 'bias') return uniform(tensor, node.shape[node.shape.length - 1], -0.1, 0.1)
    const inputs = node.inputs.map((input) => nodes[input].shape)
    // A batch norm alone multiplies each element by one number: its fan-in is 1.
    const fanIn = operatorCost(node, inputs).macs / elements(node.shape) || 1
    const variance = 1 / (fanIn * secondMoment(moments[node.inputs[0]]))
    const limit = Math.sqrt(3 * variance)
    return uniform(tensor, elements(filterShape(node.operator, inputs[0]) ?? []), -limit, limit)
  }
}

/** Uniform numbers in [low, high). */
function uniform(name: string, size: number, low: number, high: number): Float32Array {
  const digest = createHash('sha256').update(name).digest()
  const random = xoroshiro128plus(digest.readInt32LE())
  const scale = (high - low) / 2 ** 32
  const middle = (high + low) / 2
  const values = new Float32Array(size)
  for (let index = 0; index < size; index++) values[index] = middle + random.next() * scale
  return values
}
