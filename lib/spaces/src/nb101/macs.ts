import { operatorCosts } from '@leti/network'
import type { AfterGraph, Cells } from './cells.js'
import type { Config } from './config.js'
import { labelsOf, matrixOf, unpackCell } from './graph.js'
import { cellNetwork } from './network.js'
import { INPUT, OUTPUT, PUBLISHED_OPERATIONS } from './operations.js'

/**
 * MACs of each cell's network, in the order of the cells.
 *
 * @param numbers numbers of the cells, ascending, so that cells of one graph are adjacent
 * @throws {LetiError} `bad-arch` if the configuration is too narrow for one of the cells
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
      const { vertices, labeling } = unpackCell(cells.code(numbers[index]))
      const labels = labelsOf(vertices, labeling)
      macs[index] = labels.reduce((sum, label, vertex) => sum + added[vertex][label], base)
    }
    await afterGraph?.(graphs.size)
  }
  return macs
}

/** The graphs of the cells, as the codes of their first labelings, with their numbers of cells. */
function graphsOf(cells: Cells, numbers: Int32Array): Map<number, number> {
  const counts = new Map<number, number>()
  for (const cell of numbers) {
    const code = cells.code(cell)
    const graph = code - unpackCell(code).labeling
    counts.set(graph, (counts.get(graph) ?? 0) + 1)
  }
  return counts
}

interface GraphMacs {
  /** MACs if every vertex has label 0. */
  readonly base: number
  /** MACs that a label adds to `base`, by vertex between input and output. */
  readonly added: readonly (readonly number[])[]
}

/**
 * MACs of all labelings of a graph, from a few networks: operations do not change shapes, so each vertex
 * contributes its MACs independently of the others.
 */
function macsOfGraph(graph: number, config: Config): GraphMacs {
  const { vertices, edges, labeling } = unpackCell(graph)
  const matrix = matrixOf(vertices, edges)
  const macsOf = (labels: readonly number[]): number => {
    const names = labels.map((label) => PUBLISHED_OPERATIONS[label])
    const network = cellNetwork({ matrix, operations: [INPUT, ...names, OUTPUT] }, config, '')
    return operatorCosts(network).reduce((sum, { macs }) => sum + macs, 0)
  }
  const plain = labelsOf(vertices, labeling)
  const base = macsOf(plain)
  const added = plain.map((_, vertex) =>
    PUBLISHED_OPERATIONS.map((_, label) => (label ? macsOf(plain.with(vertex, label)) - base : 0)),
  )
  return { base, added }
}
