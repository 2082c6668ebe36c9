import { activationBytes, FLOAT32_BYTES, operatorCosts } from './cost.js'
import {
  CONVERTERS,
  FUSED_ACTIVATIONS,
  WEIGHTED,
  type FusedActivation,
  type FusionRules,
} from './fusion-rules.js'
import type { Network, Node } from './network.js'
import type { Operator, OperatorType, Shape } from './operators/index.js'
import { channelsOf } from './operators/shapes.js'
import { countReaders, type Readers } from './readers.js'

/**
 * A kernel: what a runtime launches at once. It runs one operator with the batch norm, bias and
 * activation that a converter folds into it. `inputs` are indices of earlier kernels.
 */
export interface Kernel {
  readonly name: string
  /** The node of the network whose value the kernel computes: the last of the fused nodes. */
  readonly node: number
  /** The operator that does the work. */
  readonly operator: Operator
  readonly inputs: readonly number[]
  readonly shape: Shape
  /** Whether a bias is added: the operator's own, or that of a folded batch norm. */
  readonly bias: boolean
  readonly activation: FusedActivation | undefined
  /** The operators that run in the kernel after its own, without a folded batch norm. */
  readonly fused: readonly OperatorType[]
  readonly macs: number
  readonly input_bytes: number
  readonly output_bytes: number
  /** Bytes of the weights after folding. */
  readonly weight_bytes: number
  /** Name of the earlier kernel whose filter and bias it has. */
  readonly sharesWeights?: string
}

const FOLDS_BATCH_NORM = new Set(WEIGHTED)

/**
 * Fuses a network into kernels as converters do for deployment (TensorFlow.js `_FusedConv2D`, TFLite
 * fused activations): a batch norm becomes the bias of the convolution before it, and an operator
 * that the rules allow runs in the kernel before it if nothing else reads the value between them. All
 * other inputs of that operator must exist when the kernel begins.
 */
export function fuse(network: Network, rules: FusionRules = CONVERTERS): Kernel[] {
  const { nodes } = network
  const readers = countReaders(network)
  const kernelOf = new Int32Array(nodes.length).fill(-1)
  const kernels: Kernel[] = []
  for (let index = 0; index < nodes.length; index++) {
    if (kernelOf[index] >= 0) continue
    const group = fusedGroup(nodes, index, readers, rules)
    for (const member of group) kernelOf[member] = kernels.length
    kernels.push(toKernel(network, group, kernelOf))
  }
  return kernels
}

/** The nodes that run in the kernel of the node `first`, in order. */
function fusedGroup(
  nodes: readonly Node[],
  first: number,
  readers: Readers,
  rules: FusionRules,
): number[] {
  const group = [first]
  const takeFollower = (takes: (type: OperatorType) => boolean | undefined): boolean => {
    const last = group[group.length - 1]
    const next = readers.count[last] === 1 ? readers.last[last] : -1
    if (next < 0 || !takes(nodes[next].operator.type)) return false
    const { inputs } = nodes[next]
    if (inputs.length > 1 && !inputs.every((input, i) => (i ? input < first : input === last))) {
      return false
    }
    group.push(next)
    return true
  }
  let { type } = nodes[first].operator
  if (FOLDS_BATCH_NORM.has(type)) takeFollower((next) => next === 'batch_norm')
  while (takeFollower((next) => rules.get(type)?.has(next))) {
    type = nodes[group[group.length - 1]].operator.type
  }
  return group
}

function toKernel(network: Network, group: readonly number[], kernelOf: Int32Array): Kernel {
  const { nodes } = network
  const node = nodes[group[0]]
  const last = nodes[group[group.length - 1]]
  const cost = operatorCosts(network)[group[0]]
  const { operator } = node
  const ownBias = 'bias' in operator && operator.bias
  const folded = group.length > 1 && nodes[group[1]].operator.type === 'batch_norm'
  const foldedBytes = folded && !ownBias ? channelsOf(last.shape) * FLOAT32_BYTES : 0
  const inputs = inputsOf(nodes, group)
  let input_bytes = 0
  for (const input of inputs) {
    input_bytes += activationBytes(nodes[input].operator, nodes[input].shape)
  }
  return {
    name: node.name,
    node: group[group.length - 1],
    operator,
    inputs: inputs.map((input) => kernelOf[input]),
    shape: last.shape,
    bias: ownBias || folded,
    activation: last === node ? undefined : activationOf(last),
    fused: fusedTypes(nodes, group, folded),
    macs: cost.macs,
    input_bytes,
    output_bytes: activationBytes(operator, last.shape),
    weight_bytes: cost.weight_bytes + foldedBytes,
    ...(node.sharesWeights !== undefined && { sharesWeights: node.sharesWeights }),
  }
}

/** The nodes that the kernel reads: the inputs of its first node, then other inputs of the later nodes. */
function inputsOf(nodes: readonly Node[], group: readonly number[]): readonly number[] {
  const { inputs } = nodes[group[0]]
  if (!group.some((member, i) => i > 0 && nodes[member].inputs.length > 1)) return inputs
  const others = group.slice(1).flatMap((member) => nodes[member].inputs)
  return [...inputs, ...others.filter((input) => !group.includes(input))]
}

const NONE: readonly OperatorType[] = []

function fusedTypes(nodes: readonly Node[], group: readonly number[], folded: boolean) {
  const first = folded ? 2 : 1
  return group.length > first
    ? group.slice(first).map((member) => nodes[member].operator.type)
    : NONE
}

function activationOf({ operator }: Node): FusedActivation | undefined {
  return FUSED_ACTIVATIONS.find((activation) => activation === operator.type)
}
