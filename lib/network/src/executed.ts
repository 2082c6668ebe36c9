import type { Network, Node } from './network.js'
import { isSource } from './operators/index.js'

/** Both graphs of a network. */
export interface Graphs {
  /** As its authors write it: what an eager framework runs. */
  readonly written: Network
  /** What a converter leaves of it: what a model file holds and a device runs. */
  readonly executed: Network
}

/** The graphs of a network as its authors write it. */
export function graphsOf(written: Network): Graphs {
  return { written, executed: executedNetwork(written) }
}

/** A node that is another's output under a second name. */
interface Alias {
  readonly alias: number
  readonly inputs: readonly number[]
}

/** The replacement of each node; undefined if its output is constant. */
type Folded = readonly (Node | Alias | undefined)[]

/**
 * The graph without operators that do not reach the output: what a runtime executes that prunes but
 * does not fold constants. The network itself if there is nothing to prune.
 */
export function prunedNetwork(network: Network): Network {
  // Zeros need the shape of their input but not its value.
  const nodes = network.nodes.map((node) =>
    node.operator.type === 'zeros' ? { ...node, inputs: [] } : node,
  )
  return remaining(network, nodes)
}

/**
 * The graph that remains after a converter has pruned and folded the network as written: operators
 * that cannot reach the output, or that nothing of the input reaches, are gone; constant terms of a
 * sum vanish, and so does a sum of one term.
 *
 * @returns the network itself if there is nothing to do; a network without nodes if its output does
 *   not depend on its input
 */
export function executedNetwork(network: Network): Network {
  return remaining(network, fold(network))
}

/** The nodes that the outputs are computed from; constant outputs are gone. */
function remaining(network: Network, folded: Folded): Network {
  const used = ancestors(folded, network.outputs)
  if (network.nodes.every((node, index) => used[index] && folded[index] === node)) return network
  const numbers = new Int32Array(folded.length).fill(-1)
  const nodes: Node[] = []
  folded.forEach((node, index) => {
    if (!node || !used[index]) return
    if ('alias' in node) {
      numbers[index] = numbers[node.alias]
      return
    }
    numbers[index] = nodes.length
    nodes.push({ ...node, inputs: node.inputs.map((input) => numbers[input]) })
  })
  const outputs = network.outputs.filter((output) => folded[output])
  return { ...network, nodes, outputs: outputs.map((output) => numbers[output]) }
}

function fold({ nodes }: Network): Folded {
  const folded: (Node | Alias | undefined)[] = []
  for (const node of nodes) {
    const inputs = node.inputs.filter((input) => folded[input])
    const { type } = node.operator
    if (type === 'zeros' || (!inputs.length && !isSource(node.operator))) folded.push(undefined)
    else if (type === 'add' && inputs.length === 1) folded.push({ alias: inputs[0], inputs })
    else {
      const fewer = type === 'add' && inputs.length < node.inputs.length
      folded.push(fewer ? { ...node, inputs } : node)
    }
  }
  return folded
}

/** Which nodes the outputs are computed from. */
function ancestors(folded: Folded, outputs: readonly number[]): Uint8Array {
  const used = new Uint8Array(folded.length)
  for (const output of outputs) used[output] = 1
  for (let index = folded.length - 1; index >= 0; index--) {
    if (!used[index]) continue
    for (const input of folded[index]?.inputs ?? []) used[input] = 1
  }
  return used
}
