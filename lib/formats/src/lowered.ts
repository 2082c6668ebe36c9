import type { ChannelShuffle, Network, Node } from '@leti/network'

/** Lowers a network to operators that runtimes have: each channel shuffle becomes a transposition. */
export function loweredNetwork(network: Network): Network {
  const nodes: Node[] = []
  const numbers: number[] = []
  for (const node of network.nodes) {
    const renumbered = { ...node, inputs: node.inputs.map((input) => numbers[input]) }
    const { operator } = node
    if (operator.type === 'channel_shuffle') addShuffle(nodes, renumbered, operator)
    else nodes.push(renumbered)
    numbers.push(nodes.length - 1)
  }
  return { ...network, nodes, outputs: network.outputs.map((output) => numbers[output]) }
}

/** Transposes groups and their channels. GPU delegates take at most four dimensions, with the batch. */
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
