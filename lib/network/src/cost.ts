import type { Network, Node } from './network.js'
import { elements, entryOf, type Operator, type Shape } from './operators/index.js'

export const FLOAT32_BYTES = 4

/** Cost of one operator of the network as written, for one image in float32. */
export interface OperatorCost {
  /** Multiply-accumulates of convolutions, dense layers and matrix products; FLOPs are twice as many. */
  readonly macs: number
  /** Trainable parameters. */
  readonly parameters: number
  /** Bytes that the operator writes. */
  readonly activation_bytes: number
  /** Bytes of all numbers that the operator stores, including a batch norm's moving statistics. */
  readonly weight_bytes: number
}

/**
 * Cost of one operator.
 *
 * @param node the operator's node
 * @param inputs shapes of its inputs
 */
export function operatorCost(
  { operator, shape, sharesFilter, sharesWeights }: Node,
  inputs: readonly Shape[],
): OperatorCost {
  const entry = entryOf(operator)
  const filter = entry.filter ? elements(entry.filter.shape(operator, inputs[0])) : 0
  const sizes = { inputs, output: shape, filter }
  const { macs, parameters, untrained = 0 } = entry.cost(operator, sizes)
  return {
    macs,
    parameters: sharesWeights === undefined ? parameters - (sharesFilter ? filter : 0) : 0,
    activation_bytes: activationBytes(operator, shape),
    weight_bytes: (parameters + untrained) * FLOAT32_BYTES,
  }
}

/** Bytes that an operator writes at run time: a constant is stored, not written. */
export function activationBytes({ type }: Operator, shape: Shape): number {
  return type === 'constant' ? 0 : elements(shape) * FLOAT32_BYTES
}

/** Cached: every total needs them. */
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
