import { elements, networkCost, type Network, type Node } from '@leti/network'

/** The operators of a model file that LETI does not know. */
export interface UnknownOperators {
  /** Number of operators that LETI does not know. Their MACs are not counted. */
  readonly count: number
  /** Number of all operators. */
  readonly total: number
  /** Names of the unknown operators in the file. */
  readonly names: readonly string[]
  /** Estimated share of all MACs that they have, by the weights that they read. */
  readonly macShare: number
}

/** Finds the operators of a network that LETI knows only by name. */
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

/** Nodes that are not operators of the file. */
const PARTS: ReadonlySet<string> = new Set(['input', 'constant', 'unknown_output'])

/**
 * Estimates the MACs of an unknown operator: it uses each matrix or filter once at each position of the
 * output. Vectors scale or shift and count as none.
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
