import { fuse } from '@leti/network'
import type { Arch, Features } from '@leti/records'
import { networkOf, PUBLISHED_OPERATIONS } from '@leti/spaces'
import { CellKernels } from './cell-kernels.js'
import { featurize } from './featurize.js'
import type { FeatureSetName } from './names.js'
import { PATH_NAMES } from './path.js'
import { SIBLING_NAMES } from './siblings.js'

/** What another label of one vertex adds to features. */
export interface Difference {
  readonly columns: Int32Array
  readonly values: Float64Array
}

/** Differences of all graphs, by all that they depend on. */
export type Differences = Map<string, Difference>

/** A few shapes, labels and vertices: far more than the published space needs. */
const MAX_DIFFERENCES = 10_000

/** Sets whose features are no sums over the operators. */
const NO_SUMS: readonly FeatureSetName[] = ['path', 'siblings']

/**
 * A graph of NAS-Bench-101, and the features of all cells that have it. The published operations keep the
 * shape of what they read, and each runs as one kernel: the kernels of the cells of a graph differ in the
 * vertices only. What a vertex adds to a sum depends on its label and its shapes, not on other vertices.
 */
export class CellGraph {
  private readonly template: Features
  private readonly names: readonly string[]
  private readonly base: Float64Array
  private readonly kernels: CellKernels
  private readonly shapes: readonly string[]
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
    private readonly sets: readonly FeatureSetName[],
    private readonly known: Differences,
  ) {
    const networks = PUBLISHED_OPERATIONS.map((_, label) => this.network(() => label))
    const kernels = networks.map(({ executed }) => fuse(executed))
    this.kernels = new CellKernels(kernels, vertices)
    this.shapes = Array.from({ length: vertices }, (_, vertex) =>
      this.kernels
        .places(vertex)
        .map((at) => kernels[0][at].shape.join('x'))
        .join(' '),
    )
    this.own = this.shapes.map(() => [])
    const { features } = featurize(networks[0], { sets })
    // An object that grew member by member is a hash table to V8, which takes a hundred times as long to copy.
    this.template = JSON.parse(JSON.stringify(features)) as Features
    this.names = Object.keys(this.template)
    this.base = Float64Array.from(Object.values(this.template))
    this.pathAt = this.names.indexOf(PATH_NAMES[0])
    this.siblingsAt = this.names.indexOf(SIBLING_NAMES[0])
  }

  /** @param labels of the vertices between input and output: indices of the published operations */
  features(labels: readonly number[]): Features {
    const numbers = this.base.slice()
    for (let vertex = 0; vertex < labels.length; vertex++) {
      const { columns, values } = this.difference(vertex, labels[vertex])
      for (let i = 0; i < columns.length; i++) numbers[columns[i]] += values[i]
    }
    this.kernels.label(labels)
    if (this.pathAt >= 0) numbers.set(this.kernels.path(), this.pathAt)
    if (this.siblingsAt >= 0) numbers.set(this.kernels.siblings(), this.siblingsAt)
    // A copy is several times as fast as a new object of as many members. Many stay as they are.
    const features = { ...this.template }
    for (let i = 0; i < numbers.length; i++) {
      if (numbers[i] !== this.base[i]) features[this.names[i]] = numbers[i]
    }
    return features
  }

  private difference(vertex: number, label: number): Difference {
    return (this.own[vertex][label] ??= this.sharedDifference(vertex, label))
  }

  private sharedDifference(vertex: number, label: number): Difference {
    // Of all sets, only that of the graph knows which vertex it is.
    const place = this.sets.includes('graph') ? vertex : ''
    const key = `${label} ${place} ${this.shapes[vertex]}`
    const difference = this.known.get(key) ?? this.newDifference(vertex, label)
    if (this.known.size === MAX_DIFFERENCES) this.known.clear()
    this.known.set(key, difference)
    return difference
  }

  private newDifference(vertex: number, label: number): Difference {
    const sets = this.sets.filter((set) => !NO_SUMS.includes(set))
    const changed = this.network((other) => (other === vertex ? label : 0))
    const { features } = featurize(changed, { sets })
    const columns = [...this.names.keys()].filter((i) => {
      const value = features[this.names[i]]
      return value !== undefined && value !== this.base[i]
    })
    const values = columns.map((i) => features[this.names[i]] - this.base[i])
    return { columns: Int32Array.from(columns), values: Float64Array.from(values) }
  }

  private network(labelOf: (vertex: number) => number) {
    const { arch, vertices } = this
    const names = Array.from({ length: vertices }, (_, i) => PUBLISHED_OPERATIONS[labelOf(i)])
    const module_operations = ['input', ...names, 'output']
    return networkOf({ id: 'cell', arch: { ...arch, module_operations } })
  }
}
