import { LetiError } from '@leti/records'
import { openBranch } from '../../importer/errors.js'
import { printable } from '../../importer/names.js'
import type { Decision } from './deciding.js'
import type { OnnxNode } from './node.js'
import type { OnnxGraph, OnnxModel } from './parse.js'
import { damaged } from './protobuf.js'

// Operators that hold graphs, which read tensors of the graph around them.

/** The graphs that each operator holds, by attribute. */
const GRAPHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['If', ['then_branch', 'else_branch']],
  ['Loop', ['body']],
  ['Scan', ['body']],
  ['SequenceMap', ['body']],
])

/** Limit on nested graphs. */
const MAX_DEPTH = 32

export function isControl({ op }: OnnxNode): boolean {
  return GRAPHS.has(op)
}

/** The tensors that the graphs of a node read, and those that they give. */
export function readInside(model: OnnxModel, node: OnnxNode, depth = 0): string[] {
  if (depth > MAX_DEPTH) throw new LetiError('unsupported', 'its graphs are nested too deeply')
  return (GRAPHS.get(node.op) ?? []).flatMap((attribute) => {
    const graph = model.nested(node, attribute)
    const nodes = graph?.nodes ?? []
    const inner = nodes.flatMap((of) => [...of.inputs, ...readInside(model, of, depth + 1)])
    return [...inner, ...(graph?.outputs ?? []).map(({ name }) => name)].filter((of) => of !== '')
  })
}

/**
 * The graph that an `If` runs.
 *
 * @param chosen the number of the condition; undefined if the inputs of the network decide it
 * @param deciding the input that decides it
 * @throws {LetiError} `unsupported` if nothing says which graph, or the node is a loop
 */
export function chosenBranch(
  model: OnnxModel,
  node: OnnxNode,
  chosen: number | undefined,
  deciding: () => Decision | undefined,
): OnnxGraph {
  const name = printable(node.outputs[0] ?? '')
  if (node.op !== 'If') {
    throw new LetiError(
      'unsupported',
      `operator ${node.op} "${name}" runs a graph in a loop, whose work LETI cannot count; unroll it when exporting`,
    )
  }
  if (chosen === undefined) throw undecided(node, deciding())
  const branch = model.nested(node, chosen === 0 ? 'else_branch' : 'then_branch')
  if (branch?.outputs.length === node.outputs.length) return branch
  throw damaged(`operator If "${name}" has no such branch`)
}

/** Says how to choose a branch: by the input that decides it, or else by the condition itself. */
function undecided({ op, inputs }: OnnxNode, decision: Decision | undefined): LetiError {
  if (!decision) return openBranch(op, inputs[0] ?? '')
  const input = printable(decision.input)
  const how = `fix it with --input-shape ${input}=${decision.number ?? 1}`
  return new LetiError(
    'unsupported',
    `operator ${op} chooses its work by the number of input "${input}"; ${how}`,
  )
}
