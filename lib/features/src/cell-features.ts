import type { Arch, Features } from '@leti/records'
import { checkMembers, nb101, PUBLISHED_OPERATIONS, type Cell } from '@leti/spaces'
import { CellGraph, SharedGraphs } from './cell-graph.js'
import type { FeatureSetName } from './names.js'

/** Vertices of the largest published cell. */
const MAX_VERTICES = 7

/** Kernels of the graphs that are kept, in each thread: more than those of the 2494 graphs of the published space. */
const MAX_KERNELS = 250_000

/** Configurations that are kept. */
const MAX_CONFIGS = 1000

/**
 * From this cell of a configuration on its graphs are prepared. That takes hardly longer than one cell, if graphs of
 * the configuration were prepared before, and several times as long for the first.
 */
const WORTH_IT = 10

/** Stands for a graph whose cells have to be built one by one. */
const NO_SHORT_WAY = null

/** The graphs of one configuration. */
interface Configured {
  cells: number
  /** By a number of the graph. */
  readonly graphs: Map<number, CellGraph | typeof NO_SHORT_WAY>
}

/** The features of cells of NAS-Bench-101: what cells of one graph have in common is computed once. */
export class CellFeatures {
  private readonly configs = new Map<string, Configured>()
  private shared: SharedGraphs
  private kernels = 0

  constructor(private readonly sets: readonly FeatureSetName[]) {
    this.shared = new SharedGraphs(sets)
  }

  /**
   * The features of a cell, an object that cells of equal features share; undefined if the caller has to build its
   * network.
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
    const configured = this.configuredAs(arch)
    const { graphs } = configured
    const key = numberOf(cell)
    const known = graphs.get(key)
    if (known !== undefined) return known ?? undefined
    if (++configured.cells < WORTH_IT) return undefined
    const graph = this.prepared(cell, arch)
    graphs.set(key, graph)
    this.kernels += graph?.size ?? 1
    return graph ?? undefined
  }

  private configuredAs({ config }: Arch): Configured {
    if (this.kernels > MAX_KERNELS || this.configs.size > MAX_CONFIGS) this.forget()
    const key = config === undefined ? '' : JSON.stringify(config)
    const known = this.configs.get(key)
    if (known) return known
    const configured: Configured = { cells: 0, graphs: new Map() }
    this.configs.set(key, configured)
    return configured
  }

  private forget(): void {
    this.configs.clear()
    this.shared = new SharedGraphs(this.sets)
    this.kernels = 0
  }

  /** If the network cannot be built, the caller finds out why. */
  private prepared({ matrix }: Cell, arch: Arch): CellGraph | typeof NO_SHORT_WAY {
    try {
      const pruned = { ...arch, module_adjacency: matrix }
      return new CellGraph(pruned, matrix.length - 2, this.shared)
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

/** A bit for each edge, after a leading one for each number of vertices. */
function numberOf({ matrix }: Cell): number {
  let number = 1
  for (let from = 0; from < matrix.length; from++) {
    for (let to = from + 1; to < matrix.length; to++) number = 2 * number + matrix[from][to]
  }
  return number
}
