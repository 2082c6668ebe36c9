import { fuse } from '@leti/network'
import { LetiError, type Arch, type Features } from '@leti/records'
import { networkOf, PUBLISHED_OPERATIONS } from '@leti/spaces'
import { CellKernels, SharedKernels } from './cell-kernels.js'
import { FeatureObjects } from './feature-objects.js'
import { featurize } from './featurize.js'
import type { FeatureSetName } from './names.js'
import { PATH_NAMES } from './path.js'
import { SIBLING_NAMES } from './siblings.js'

/** What another label of one vertex adds to features. */
interface Difference {
  readonly columns: Int32Array
  readonly values: Float64Array
}

/** Sets whose features are no sums over the operators. */
const NO_SUMS: readonly FeatureSetName[] = ['path', 'siblings']

/** What graphs have in common. */
export class SharedGraphs {
  readonly kernels = new SharedKernels()
  /** By all that they depend on. */
  readonly differences = new Map<string, Difference>()
  /** Made from the features of the first graph. */
  objects: FeatureObjects | undefined
  /** The numbers of the cell that is being computed. */
  numbers = new Float64Array(0)

  constructor(readonly sets: readonly FeatureSetName[]) {}

  /** @throws {LetiError} `unsupported` if the names of the features are not those of other graphs */
  objectsLike(features: Features): FeatureObjects {
    this.objects ??= new FeatureObjects(features)
    const { names } = this.objects
    if (Object.keys(features).join() !== names.join()) {
      throw new LetiError('unsupported', 'the features of a cell depend on its graph')
    }
    if (this.numbers.length !== names.length) this.numbers = new Float64Array(names.length)
    return this.objects
  }
}

/**
 * A graph of NAS-Bench-101, and the features of all cells that have it. The published operations keep the
 * shape of what they read, and each runs as one kernel: the kernels of the cells of a graph differ in the
 * vertices only. What a vertex adds to a sum depends on its label and its shapes, not on other vertices.
 */
export class CellGraph {
  private readonly base: Float64Array
  private readonly objects: FeatureObjects
  private readonly kernels: CellKernels
  /** By vertex and label. */
  private readonly own: (Difference | undefined)[][]
  private readonly pathAt: number
  private readonly siblingsAt: number

  /**
   * @param arch of any cell of the graph, without vertices that would be pruned
   * @param vertices number of the vertices between input and output
   * @throws {LetiError} if the network cannot be built
   */
  constructor(
    private readonly arch: Arch,
    private readonly vertices: number,
    private readonly shared: SharedGraphs,
  ) {
    const first = this.network(() => 0)
    this.kernels = new CellKernels(fuse(first.executed), vertices, shared.kernels, () =>
      PUBLISHED_OPERATIONS.slice(1).map((_, i) => fuse(this.network(() => i + 1).executed)),
    )
    this.own = Array.from({ length: vertices }, () => [])
    const { features } = featurize(first, { sets: shared.sets })
    this.base = Float64Array.from(Object.values(features))
    this.objects = shared.objectsLike(features)
    const { names } = this.objects
    this.pathAt = names.indexOf(PATH_NAMES[0])
    this.siblingsAt = names.indexOf(SIBLING_NAMES[0])
  }

  /** The kernels of one of its networks. */
  get size(): number {
    return this.kernels.count
  }

  /**
   * @param labels of the vertices between input and output: indices of the published operations
   * @returns an object that cells of equal features share
   */
  features(labels: readonly number[]): Features {
    const { numbers } = this.shared
    numbers.set(this.base)
    for (let vertex = 0; vertex < labels.length; vertex++) {
      const { columns, values } = this.difference(vertex, labels[vertex])
      for (let i = 0; i < columns.length; i++) numbers[columns[i]] += values[i]
    }
    this.kernels.label(labels)
    if (this.pathAt >= 0) numbers.set(this.kernels.pathNumbers(), this.pathAt)
    if (this.siblingsAt >= 0) numbers.set(this.kernels.siblingNumbers(), this.siblingsAt)
    return this.objects.of(numbers)
  }

  private difference(vertex: number, label: number): Difference {
    return (this.own[vertex][label] ??= this.sharedDifference(vertex, label))
  }

  private sharedDifference(vertex: number, label: number): Difference {
    const { sets, differences } = this.shared
    // Of all sets, only that of the graph knows which vertex it is.
    const place = sets.includes('graph') ? vertex : ''
    const key = `${label} ${place} ${this.kernels.shapesOf(vertex).join(' ')}`
    const difference = differences.get(key) ?? this.newDifference(vertex, label)
    differences.set(key, difference)
    return difference
  }

  private newDifference(vertex: number, label: number): Difference {
    const { names } = this.objects
    const sets = this.shared.sets.filter((set) => !NO_SUMS.includes(set))
    const changed = this.network((other) => (other === vertex ? label : 0))
    const { features } = featurize(changed, { sets })
    const columns = [...names.keys()].filter((i) => {
      const value = features[names[i]]
      return value !== undefined && value !== this.base[i]
    })
    const values = columns.map((i) => features[names[i]] - this.base[i])
    return { columns: Int32Array.from(columns), values: Float64Array.from(values) }
  }

  private network(labelOf: (vertex: number) => number) {
    const { arch, vertices } = this
    const names = Array.from({ length: vertices }, (_, i) => PUBLISHED_OPERATIONS[labelOf(i)])
    const module_operations = ['input', ...names, 'output']
    return networkOf({ id: 'cell', arch: { ...arch, module_operations } })
  }
}
