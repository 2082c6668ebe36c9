import type { Network } from '@leti/network'

export interface UnknownOperators {
  /** How many of the network's operators LETI does not know: their MACs are not counted. */
  readonly count: number
  /** Of how many. */
  readonly total: number
  /** What the file calls them. */
  readonly names: readonly string[]
}

/** The operators of a network that LETI knows by their names only. */
export function unknownOperators({ nodes }: Network): UnknownOperators {
  const operators = nodes.map(({ operator }) => operator).filter(({ type }) => !PARTS.has(type))
  const unknown = operators.filter((operator) => operator.type === 'unknown')
  const names = [...new Set(unknown.map(({ name }) => name))]
  return { count: unknown.length, total: operators.length, names }
}

/** Nodes that stand for no operator of their own. */
const PARTS: ReadonlySet<string> = new Set(['input', 'constant', 'unknown_output'])
