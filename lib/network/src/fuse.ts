import type { Network, Node } from './network.js'
import type { Operator, Shape } from './operators.js'
import { operatorCost, FLOAT32_BYTES } from './cost.js'
import { elements } from './shape.js'

/**
 * What a runtime launches at once: an operator with the batch norm, bias and activation that a
 * converter folds into it. `inputs` are indices of earlier kernels.
 */
export interface Kernel {
  readonly name: string
  /** The operator that does the work. */
  readonly operator: Operator
  readonly inputs: readonly number[]
  readonly shape: Shape
  /** Whether a bias is added, its own or the one of a folded batch norm. */
  readonly bias: boolean
  readonly activation: 'relu' | undefined
  readonly macs: number
  readonly input_bytes: number
  readonly output_bytes: number
  /** Bytes of the weights after folding. */
  readonly weight_bytes: number
}

/**
 * Fuses a network into kernels as converters do for deployment (TensorFlow.js `_FusedConv2D`, TFLite
 * fused activations): a batch norm becomes the bias of the convolution before it, a ReLU its
 * activation, where nothing else reads what lies between.
 */
export function fuse(network: Network): Kernel[] {
  const { nodes } = network
  const readers = countReaders(network)
  const kernelOf = new Int32Array(nodes.length).fill(-1)
  const kernels: Kernel[] = []
  for (let index = 0; index < nodes.length; index++) {
    if (kernelOf[index] >= 0) continue
    const group = fusedGroup(nodes, index, readers)
    for (const member of group) kernelOf[member] = kernels.length
    kernels.push(toKernel(network, group, kernelOf))
  }
  return kernels
}

/** The node and the followers that run in its kernel, first to last. */
function fusedGroup(nodes: readonly Node[], first: number, readers: Readers): number[] {
  const group = [first]
  if (!FUSES_FOLLOWERS.has(nodes[first].operator.type)) return group
  let last = first
  for (const type of ['batch_norm', 'relu'] as const) {
    const next = readers.count[last] === 1 ? readers.last[last] : -1
    if (next < 0 || nodes[next].operator.type !== type) continue
    group.push(next)
    last = next
  }
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
  for (const shape of inputShapes) inputElements += elements(shape)
  return {
    name: node.name,
    operator,
    inputs: node.inputs.map((input) => kernelOf[input]),
    shape: last.shape,
    bias: ownBias || folded,
    activation: last !== node && last.operator.type === 'relu' ? 'relu' : undefined,
    macs: cost.macs,
    input_bytes: inputElements * FLOAT32_BYTES,
    output_bytes: elements(last.shape) * FLOAT32_BYTES,
    weight_bytes: cost.weight_bytes + foldedBytes,
  }
}

function channelsOf({ shape }: Node): number {
  return shape[shape.length - 1]
}

interface Readers {
  /** How many inputs each node feeds; the network's output counts as read. */
  readonly count: Int32Array
  /** The last node that reads each, or -1. */
  readonly last: Int32Array
}

function countReaders({ nodes, output }: Network): Readers {
  const count = new Int32Array(nodes.length)
  const last = new Int32Array(nodes.length).fill(-1)
  nodes.forEach((node, index) => {
    for (const input of node.inputs) {
      count[input]++
      last[input] = index
    }
  })
  // The output is read from outside: nothing after it can be fused in.
  count[output]++
  return { count, last }
}

const FUSES_FOLLOWERS = new Set(['conv2d', 'depthwise_conv2d', 'dense'])
