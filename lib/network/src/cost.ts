import type { Network, Node } from './network.js'
import type { Shape, Window } from './operators.js'
import { elements } from './shape.js'

export const FLOAT32_BYTES = 4

/** What one operator of the network as written costs, for one image in float32. */
export interface OperatorCost {
  /** Multiply-accumulates of convolutions and dense layers; FLOPs are twice as many. */
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
  switch (operator.type) {
    case 'conv2d': {
      const weights =
        (area(operator.window) * inputs[0][2] * operator.filters) / (operator.groups ?? 1)
      const bias = operator.bias ? operator.filters : 0
      return cost(shape[0] * shape[1] * weights, weights + bias)
    }
    case 'depthwise_conv2d': {
      const weights = area(operator.window) * shape[2]
      return cost(shape[0] * shape[1] * weights, weights + (operator.bias ? shape[2] : 0))
    }
    case 'dense': {
      const weights = inputs[0][0] * operator.units
      return cost(weights, weights + (operator.bias ? operator.units : 0))
    }
    case 'batch_norm': {
      // Scale and shift are trained; the moving mean and variance are kept, not trained.
      const channels = shape[shape.length - 1]
      return cost(0, 2 * channels, 2 * channels)
    }
    default:
      return cost(0, 0)
  }
}

/** Cost of each node, in the order of the nodes. */
export function operatorCosts(network: Network): OperatorCost[] {
  return network.nodes.map((node) =>
    operatorCost(
      node,
      node.inputs.map((index) => network.nodes[index].shape),
    ),
  )
}

function area({ size }: Window): number {
  return size[0] * size[1]
}
