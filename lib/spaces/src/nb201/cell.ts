import { LetiError } from '@leti/records'

/** The operations of an edge, in the benchmark's own order. */
export const NB201_OPERATIONS = [
  'none',
  'skip_connect',
  'nor_conv_1x1',
  'nor_conv_3x3',
  'avg_pool_3x3',
] as const

type Nb201Operation = (typeof NB201_OPERATIONS)[number]

/** The edges of a cell as pairs of nodes, in the order in which `arch_str` names their operations. */
export const NB201_EDGES = [
  [0, 1],
  [0, 2],
  [1, 2],
  [0, 3],
  [1, 3],
  [2, 3],
] as const

/** The operation of each edge, in the order of `NB201_EDGES`. */
export type Nb201Cell = readonly Nb201Operation[]

/**
 * Parses a string such as `|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|none~2|`.
 *
 * @throws {LetiError} `bad-arch`
 */
export function parseArchString(value: unknown): Nb201Cell {
  if (typeof value !== 'string') throw bad('"arch_str" must be a string')
  const terms = value.split('+').map((node) => {
    if (!/^\|([^|]+\|)+$/.test(node))
      throw bad(`not a node of a cell: ${JSON.stringify(node.slice(0, 60))}`)
    return node.slice(1, -1).split('|')
  })
  if (terms.map((edges) => edges.length).join() !== '1,2,3') {
    throw bad('"arch_str" must have three nodes, of one, two and three edges')
  }
  return terms.flatMap((edges) => edges.map(operationOf))
}

/** The string that stands for a cell. */
export function archString(cell: Nb201Cell): string {
  const [a, b, c, d, e, f] = cell
  return `|${a}~0|+|${b}~0|${c}~1|+|${d}~0|${e}~1|${f}~2|`
}

/** Parses an edge; edges are in the order of their sources, so `position` is also the source. */
function operationOf(term: string, position: number): Nb201Operation {
  const [name, source, ...rest] = term.split('~')
  const operation = NB201_OPERATIONS.find((known) => known === name)
  if (!operation)
    throw bad(`unknown operation ${JSON.stringify(name)}; known: ${NB201_OPERATIONS.join(', ')}`)
  if (source !== String(position) || rest.length) {
    throw bad(`${JSON.stringify(term)}: expected "${name}~${position}"`)
  }
  return operation
}

function bad(message: string): LetiError {
  return new LetiError('bad-arch', message.slice(0, 300))
}
