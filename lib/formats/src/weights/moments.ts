import { elements, type Network, type Node } from '@leti/network'
import { activated, swish } from './activated.js'

/** Mean and variance of an activation's elements. */
export interface Moments {
  readonly mean: number
  readonly variance: number
}

export function secondMoment({ mean, variance }: Moments): number {
  return mean * mean + variance
}

/** What `devices` feeds: uniform in [-1, 1). */
const IMAGE: Moments = { mean: 0, variance: 1 / 3 }

/** A unit normal, as batch norm leaves it. */
const NORMALISED: Moments = { mean: 0, variance: 1 }

/** Uniform in [0, 1): the seeded constants. */
const FRACTION: Moments = { mean: 1 / 2, variance: 1 / 12 }

/**
 * Approximate moments of every node's value: what the moving statistics of its batch norms would
 * record. Only the order of magnitude matters: they keep activations near one.
 */
export function activationMoments({ nodes }: Network): Moments[] {
  const moments: Moments[] = []
  for (const node of nodes) {
    const inputs = node.inputs.map((input) => moments[input])
    moments.push(
      outputMoments(
        node,
        inputs,
        node.inputs.map((input) => nodes[input]),
      ),
    )
  }
  return moments
}

function outputMoments(node: Node, inputs: Moments[], sources: Node[]): Moments {
  const { operator, shape } = node
  switch (operator.type) {
    case 'input':
      return IMAGE
    case 'constant':
      return operator.value === undefined ? FRACTION : { mean: operator.value, variance: 0 }
    case 'softmax': {
      const mean = 1 / shape[shape.length - 1]
      return { mean, variance: mean * mean }
    }
    case 'matmul': {
      const [{ shape: factor }] = sources
      const { mean, variance } = product(inputs)
      const terms = factor[factor.length - 1]
      return { mean: terms * mean, variance: terms * variance }
    }
    case 'rsqrt':
      return { mean: secondMoment(inputs[0]) ** -0.25, variance: 0 }
    case 'conv2d':
    case 'depthwise_conv2d':
    case 'transpose_conv2d':
    case 'dense':
    case 'batch_norm':
    case 'unknown':
    case 'unknown_output':
      return NORMALISED
    case 'relu':
    case 'relu6':
    case 'relu_n1_to_1':
    case 'elu':
    case 'hard_swish':
    case 'gelu':
    case 'sigmoid':
    case 'tanh':
      return activated(inputs[0], operator.type)
    case 'max_pool': {
      // The largest of a few neighbours lies about one deviation above their mean.
      const [{ mean, variance }] = inputs
      return { mean: mean + Math.sqrt(variance), variance }
    }
    case 'add':
      return {
        mean: inputs.reduce((sum, { mean }) => sum + mean, 0),
        variance: inputs.reduce((sum, { variance }) => sum + variance, 0),
      }
    case 'sub':
      return {
        mean: inputs[0].mean - inputs[1].mean,
        variance: inputs[0].variance + inputs[1].variance,
      }
    case 'mul': {
      const gate = sources[1]
      const isSwish = gate.operator.type === 'sigmoid' && gate.inputs[0] === node.inputs[0]
      return isSwish ? swish(inputs[0]) : product(inputs)
    }
    case 'concat':
      return mixture(inputs, sources)
    default:
      return inputs[0]
  }
}

/** Of two independent factors. */
function product([a, b]: Moments[]): Moments {
  const mean = a.mean * b.mean
  return { mean, variance: secondMoment(a) * secondMoment(b) - mean * mean }
}

/** Moments of the elements of all inputs together. */
function mixture(inputs: Moments[], sources: Node[]): Moments {
  const total = sources.reduce((sum, { shape }) => sum + elements(shape), 0)
  let mean = 0
  let second = 0
  inputs.forEach((input, index) => {
    const share = elements(sources[index].shape) / total
    mean += share * input.mean
    second += share * secondMoment(input)
  })
  return { mean, variance: second - mean * mean }
}
