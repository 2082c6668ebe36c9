import { executedNetwork, type ChannelShuffle, type Network, type Node } from '@leti/network'
import { LetiError } from '@leti/records'

/**
 * The network as a converter writes it for deployment: pruned and folded, and a channel shuffle in the
 * operators that runtimes have.
 *
 * @throws {LetiError} `unsupported` where nothing is left to run
 */
export function deployedNetwork(network: Network): Network {
  const executed = executedNetwork(network)
  if (!executed) throw new LetiError('unsupported', 'its output does not depend on its input')
  const nodes: Node[] = []
  const numbers: number[] = []
  for (const node of executed.nodes) {
    const renumbered = { ...node, inputs: node.inputs.map((input) => numbers[input]) }
    const { operator } = node
    if (operator.type === 'channel_shuffle') addShuffle(nodes, renumbered, operator)
    else nodes.push(renumbered)
    numbers.push(nodes.length - 1)
  }
  return { ...executed, nodes, outputs: executed.outputs.map((output) => numbers[output]) }
}

/** Groups and their channels change places; more than four dimensions are too many for GPU delegates. */
function addShuffle(
  nodes: Node[],
  { name, inputs, shape }: Node,
  { groups }: ChannelShuffle,
): void {
  const [height, width, channels] = shape
  const grouped = [height * width, groups, channels / groups]
  const dealt = [height * width, channels / groups, groups]
  const permutation = [0, 2, 1]
  const last = (): number[] => [nodes.length - 1]
  nodes.push({
    name: `${name}/groups`,
    operator: { type: 'reshape', shape: grouped },
    inputs,
    shape: grouped,
  })
  nodes.push({
    name: `${name}/deal`,
    operator: { type: 'transpose', permutation },
    inputs: last(),
    shape: dealt,
  })
  nodes.push({ name, operator: { type: 'reshape', shape }, inputs: last(), shape })
}
