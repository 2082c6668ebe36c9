import type { Arch, Features } from '@leti/records'
import { checkMembers, nb101, PUBLISHED_OPERATIONS, type Cell } from '@leti/spaces'
import { CellGraph, type Differences } from './cell-graph.js'
import type { FeatureSetName } from './names.js'

/** Vertices of the largest published cell. */
const MAX_VERTICES = 7

/** Graphs that are kept, in each thread; the published space has 2494, and lists cells graph by graph. */
const MAX_GRAPHS = 1000

/** From this cell of a graph on it is worth preparing the graph, which takes as long as three cells. */
const WORTH_IT = 4

/** Stands for a graph whose cells have to be built one by one. */
const NO_SHORT_WAY = null

/** The features of cells of NAS-Bench-101: what cells of one graph have in common is computed once. */
export class CellFeatures {
  /** By graph; the number of its cells before it is prepared. */
  private readonly graphs = new Map<string, CellGraph | number | typeof NO_SHORT_WAY>()
  private readonly differences: Differences = new Map()

  constructor(private readonly sets: readonly FeatureSetName[]) {}

  /**
   * The features of a cell; undefined if the caller has to build its network.
   *
   * @throws {LetiError} `bad-arch` if the cell is not valid
   */
  of(arch: Arch): Features | undefined {
    checkMembers(arch, nb101.members)
    const { cell } = nb101.parse(arch)
    if (cell.matrix.length > MAX_VERTICES) return undefined
    const labels = labelsOf(cell)
    return labels && this.graphOf(cell, arch)?.features(labels)
  }

  private graphOf(cell: Cell, arch: Arch): CellGraph | undefined {
    const key = keyOf(cell, arch)
    const known = this.graphs.get(key)
    if (known !== undefined && typeof known !== 'number') return known ?? undefined
    const count = (known ?? 0) + 1
    const graph = count < WORTH_IT ? count : this.prepared(cell, arch)
    if (this.graphs.size >= MAX_GRAPHS && count === 1) this.graphs.clear()
    this.graphs.set(key, graph)
    return typeof graph === 'number' ? undefined : (graph ?? undefined)
  }

  /** If the network cannot be built, the caller finds out why. */
  private prepared({ matrix }: Cell, arch: Arch): CellGraph | typeof NO_SHORT_WAY {
    try {
      const pruned = { ...arch, module_adjacency: matrix }
      return new CellGraph(pruned, matrix.length - 2, this.sets, this.differences)
    } catch {
      return NO_SHORT_WAY
    }
  }
}

/** Undefined if an operation is not one of the published space. */
function labelsOf({ operations }: Cell): number[] | undefined {
  const labels: number[] = []
  for (let vertex = 1; vertex < operations.length - 1; vertex++) {
    const label = PUBLISHED_OPERATIONS.indexOf(operations[vertex])
    if (label < 0) return undefined
    labels.push(label)
  }
  return labels
}

function keyOf({ matrix }: Cell, { config }: Arch): string {
  let edges = 0
  for (const row of matrix) for (const edge of row) edges = 2 * edges + edge
  const settings = config === undefined ? '' : JSON.stringify(config)
  return `${matrix.length} ${edges} ${settings}`
}
