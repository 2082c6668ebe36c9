import { elements, networkCost, type Network, type Node } from '@leti/network'

export interface UnknownOperators {
  /** How many of the network's operators LETI does not know: their MACs are not counted. */
  readonly count: number
  /** Of how many. */
  readonly total: number
  /** What the file calls them. */
  readonly names: readonly string[]
  /** About which share of all MACs they have, by the weights that they read. */
  readonly macShare: number
}

/** The operators of a network that LETI knows by their names only. */
export function unknownOperators(network: Network): UnknownOperators {
  const { nodes } = network
  const operators = nodes.filter(({ operator }) => !PARTS.has(operator.type))
  const unknown = operators.filter(({ operator }) => operator.type === 'unknown')
  const names = unknown.map(({ operator }) => (operator.type === 'unknown' ? operator.name : ''))
  const macs = unknown.reduce((sum, node) => sum + likelyMacs(node, nodes), 0)
  return {
    count: unknown.length,
    total: operators.length,
    names: [...new Set(names)],
    macShare: macs > 0 ? macs / (macs + networkCost(network).macs) : 0,
  }
}

/** Nodes that stand for no operator of their own. */
const PARTS: ReadonlySet<string> = new Set(['input', 'constant', 'unknown_output'])

/**
 * What products with its weights would take: a matrix or filter is used once at each position of the
 * output. Vectors scale or shift.
 */
function likelyMacs({ inputs, shape }: Node, nodes: readonly Node[]): number {
  return inputs
    .map((input) => nodes[input])
    .filter(({ operator }) => operator.type === 'constant')
    .filter((weights) => weights.shape.filter((size) => size > 1).length > 1)
    .reduce((sum, weights) => {
      // An axis that both have is that of the channels.
      const channels = shape.filter((size) => weights.shape.includes(size))
      const positions = elements(shape) / Math.max(...channels, 1)
      return sum + elements(weights.shape) * positions
    }, 0)
}
