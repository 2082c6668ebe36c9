import { operatorCosts } from '@leti/network'
import type { AfterGraph, Cells } from './cells.js'
import type { Config } from './config.js'
import { labelsOf, matrixOf, unpackCell } from './graph.js'
import { cellNetwork } from './network.js'
import { INPUT, OUTPUT, PUBLISHED_OPERATIONS } from './operations.js'

/**
 * MACs of the networks of the cells, in the order of the cells.
 *
 * @param numbers of cells, ascending, so that those of one graph stand together
 * @throws {LetiError} `bad-arch` where the configuration is too narrow for one of the cells
 */
export async function macsOfCells(
  cells: Cells,
  numbers: Int32Array,
  config: Config,
  afterGraph?: AfterGraph,
): Promise<Float64Array> {
  const macs = new Float64Array(numbers.length)
  const graphs = graphsOf(cells, numbers)
  let index = 0
  for (const [graph, count] of graphs) {
    const { base, added } = macsOfGraph(graph, config)
    for (const end = index + count; index < end; index++) {
      const { vertices, labelling } = unpackCell(cells.code(numbers[index]))
      const labels = labelsOf(vertices, labelling)
      macs[index] = labels.reduce((sum, label, vertex) => sum + added[vertex][label], base)
    }
    await afterGraph?.(graphs.size)
  }
  return macs
}

/** The graphs of the cells, each as the code of its first labelling, and how many cells it has. */
function graphsOf(cells: Cells, numbers: Int32Array): Map<number, number> {
  const counts = new Map<number, number>()
  for (const cell of numbers) {
    const code = cells.code(cell)
    const graph = code - unpackCell(code).labelling
    counts.set(graph, (counts.get(graph) ?? 0) + 1)
  }
  return counts
}

interface GraphMacs {
  /** MACs where every vertex has label 0. */
  readonly base: number
  /** What a label at a vertex between input and output adds to that. */
  readonly added: readonly (readonly number[])[]
}

/**
 * An operation changes no shapes, so the vertices' shares of a network's MACs do not depend on each
 * other: a few networks stand for all labellings of a graph.
 */
function macsOfGraph(graph: number, config: Config): GraphMacs {
  const { vertices, edges, labelling } = unpackCell(graph)
  const matrix = matrixOf(vertices, edges)
  const macsOf = (labels: readonly number[]): number => {
    const names = labels.map((label) => PUBLISHED_OPERATIONS[label])
    const network = cellNetwork({ matrix, operations: [INPUT, ...names, OUTPUT] }, config, '')
    return operatorCosts(network).reduce((sum, { macs }) => sum + macs, 0)
  }
  const plain = labelsOf(vertices, labelling)
  const base = macsOf(plain)
  const added = plain.map((_, vertex) =>
    PUBLISHED_OPERATIONS.map((_, label) => (label ? macsOf(plain.with(vertex, label)) - base : 0)),
  )
  return { base, added }
}
