import { networkCost, type Network } from '@leti/network'
import type { UnknownWork } from '@leti/records'
import { likelyMacs } from './unknown-work.js'

/** The operators of a model file that LETI does not know. */
export interface UnknownOperators {
  /** Number of operators that LETI does not know. Their MACs are not counted. */
  readonly count: number
  /** Number of all operators. */
  readonly total: number
  /** Names of the unknown operators in the file. */
  readonly names: readonly string[]
  /** Estimated share of all MACs that they have, by their names and shapes. */
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

/** The member `unknown` of a network's record; undefined if LETI knows all of its operators. */
export function unknownWork(network: Network): UnknownWork | undefined {
  const { count, names, macShare } = unknownOperators(network)
  return count > 0 ? { mac_share: macShare, operators: [...names] } : undefined
}

/** Nodes that are not operators of the file. */
const PARTS: ReadonlySet<string> = new Set(['input', 'constant', 'unknown_output'])
