import { elements } from './axes.js'
import type { Network, Node } from './network.js'
import type { Operator, OperatorType, Shape } from './operators.js'
import { operatorCost, FLOAT32_BYTES } from './cost.js'

/** The activations that both TensorFlow.js and TFLite run within the operator before. */
export type FusedActivation = (typeof FUSED_ACTIVATIONS)[number]
const FUSED_ACTIVATIONS = ['relu', 'relu6'] as const

/**
 * What a runtime launches at once: an operator with the batch norm, bias and activation that a
 * converter folds into it. `inputs` are indices of earlier kernels.
 */
export interface Kernel {
  readonly name: string
  /** The network's node whose value it gives: the last of those that are fused. */
  readonly node: number
  /** The operator that does the work. */
  readonly operator: Operator
  readonly inputs: readonly number[]
  readonly shape: Shape
  /** Whether a bias is added, its own or the one of a folded batch norm. */
  readonly bias: boolean
  readonly activation: FusedActivation | undefined
  readonly macs: number
  readonly input_bytes: number
  readonly output_bytes: number
  /** Bytes of the weights after folding. */
  readonly weight_bytes: number
}

/** Operators into which every runtime fuses an activation. */
export const ACTIVATED: ReadonlySet<OperatorType> = new Set<OperatorType>([
  'conv2d',
  'depthwise_conv2d',
  'dense',
])

const FOLDS_BATCH_NORM = new Set<OperatorType>([...ACTIVATED, 'transpose_conv2d'])

/**
 * Fuses a network into kernels as converters do for deployment (TensorFlow.js `_FusedConv2D`, TFLite
 * fused activations): a batch norm becomes the bias of the convolution before it, a ReLU or ReLU6 the
 * activation of the operator before it, where nothing else reads what lies between.
 *
 * @param activated the operators into which an activation is fused
 */
export function fuse(network: Network, activated = ACTIVATED): Kernel[] {
  const { nodes } = network
  const readers = countReaders(network)
  const kernelOf = new Int32Array(nodes.length).fill(-1)
  const kernels: Kernel[] = []
  for (let index = 0; index < nodes.length; index++) {
    if (kernelOf[index] >= 0) continue
    const group = fusedGroup(nodes, index, readers, activated)
    for (const member of group) kernelOf[member] = kernels.length
    kernels.push(toKernel(network, group, kernelOf))
  }
  return kernels
}

/** The node and the followers that run in its kernel, first to last. */
function fusedGroup(
  nodes: readonly Node[],
  first: number,
  readers: Readers,
  activated: ReadonlySet<OperatorType>,
): number[] {
  const group = [first]
  const { type } = nodes[first].operator
  const takeFollower = (types: readonly OperatorType[]): void => {
    const last = group[group.length - 1]
    const next = readers.count[last] === 1 ? readers.last[last] : -1
    if (next >= 0 && types.includes(nodes[next].operator.type)) group.push(next)
  }
  if (FOLDS_BATCH_NORM.has(type)) takeFollower(['batch_norm'])
  if (activated.has(type)) takeFollower(FUSED_ACTIVATIONS)
  return group
}

function toKernel({ nodes }: Network, group: readonly number[], kernelOf: Int32Array): Kernel {
  const node = nodes[group[0]]
  const last = nodes[group[group.length - 1]]
  const inputShapes = node.inputs.map((input) => nodes[input].shape)
  const cost = operatorCost(node, inputShapes)
  const { operator } = node
  const ownBias = 'bias' in operator && operator.bias
  const folded = group.length > 1 && nodes[group[1]].operator.type === 'batch_norm'
  const foldedBytes = folded && !ownBias ? channelsOf(last) * FLOAT32_BYTES : 0
  let inputElements = 0
  for (const input of node.inputs) {
    if (nodes[input].operator.type !== 'constant') inputElements += elements(nodes[input].shape)
  }
  return {
    name: node.name,
    node: group[group.length - 1],
    operator,
    inputs: node.inputs.map((input) => kernelOf[input]),
    shape: last.shape,
    bias: ownBias || folded,
    activation: last === node ? undefined : activationOf(last),
    macs: cost.macs,
    input_bytes: inputElements * FLOAT32_BYTES,
    output_bytes: operator.type === 'constant' ? 0 : elements(last.shape) * FLOAT32_BYTES,
    weight_bytes: cost.weight_bytes + foldedBytes,
  }
}

function activationOf({ operator }: Node): FusedActivation | undefined {
  return FUSED_ACTIVATIONS.find((activation) => activation === operator.type)
}

function channelsOf({ shape }: Node): number {
  return shape[shape.length - 1]
}

interface Readers {
  /** How many inputs each node feeds; the network's outputs count as read. */
  readonly count: Int32Array
  /** The last node that reads each, or -1. */
  readonly last: Int32Array
}

function countReaders({ nodes, outputs }: Network): Readers {
  const count = new Int32Array(nodes.length)
  const last = new Int32Array(nodes.length).fill(-1)
  nodes.forEach((node, index) => {
    for (const input of node.inputs) {
      count[input]++
      last[input] = index
    }
  })
  // An output is read from outside: nothing after it can be fused in.
  for (const output of outputs) count[output]++
  return { count, last }
}
