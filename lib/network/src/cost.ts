import { elements } from './axes.js'
import { filterShape } from './filter.js'
import type { Network, Node } from './network.js'
import type { Shape } from './operators.js'

export const FLOAT32_BYTES = 4

/** What one operator of the network as written costs, for one image in float32. */
export interface OperatorCost {
  /** Multiply-accumulates of convolutions, dense layers and products; FLOPs are twice as many. */
  readonly macs: number
  /** Trainable parameters. */
  readonly parameters: number
  /** Bytes of what the operator writes. */
  readonly activation_bytes: number
  /** Bytes of all that the operator keeps, the moving statistics of a batch norm included. */
  readonly weight_bytes: number
}

/**
 * Cost of one operator.
 *
 * @param node the operator's node
 * @param inputs shapes of its inputs
 */
export function operatorCost(node: Node, inputs: readonly Shape[]): OperatorCost {
  const activation_bytes = elements(node.shape) * FLOAT32_BYTES
  const cost = (macs: number, parameters: number, constants = 0): OperatorCost => ({
    macs,
    parameters,
    activation_bytes,
    weight_bytes: (parameters + constants) * FLOAT32_BYTES,
  })
  const { operator, shape } = node
  const filter = elements(filterShape(operator, inputs[0]) ?? [0])
  const bias = 'bias' in operator && operator.bias ? shape[shape.length - 1] : 0
  switch (operator.type) {
    case 'conv2d':
    case 'depthwise_conv2d':
      return cost(shape[0] * shape[1] * filter, filter + bias)
    case 'transpose_conv2d':
      return cost(inputs[0][0] * inputs[0][1] * filter, filter + bias)
    case 'dense':
      return cost((elements(shape) / operator.units) * filter, filter + bias)
    case 'matmul':
      return cost(elements(shape) * inputs[0][inputs[0].length - 1], 0)
    case 'batch_norm': {
      // Scale and shift are trained; the moving mean and variance are kept, not trained.
      const channels = shape[shape.length - 1]
      return cost(0, 2 * channels, 2 * channels)
    }
    case 'constant':
      // It is kept, not written: no activation.
      return {
        ...(operator.value === undefined ? cost(0, elements(shape)) : cost(0, 0, elements(shape))),
        activation_bytes: 0,
      }
    default:
      return cost(0, 0)
  }
}

/** Those of a network are asked for by all that sums them up. */
const costsOf = new WeakMap<Network, readonly OperatorCost[]>()

/** Cost of each node, in the order of the nodes. */
export function operatorCosts(network: Network): readonly OperatorCost[] {
  const known = costsOf.get(network)
  if (known) return known
  const { nodes } = network
  const costs = nodes.map((node) =>
    operatorCost(
      node,
      node.inputs.map((index) => nodes[index].shape),
    ),
  )
  costsOf.set(network, costs)
  return costs
}
