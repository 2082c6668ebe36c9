import type { Kernel } from '@leti/network'
import { LetiError } from '@leti/records'
import { pathKernels, pathNumbers, type PathKernels } from './path.js'
import { SIBLING_NAMES, siblingOf } from './siblings.js'

/** What the features of paths and siblings read of a network's kernels. */
interface Flat {
  readonly path: PathKernels
  /** By kernel: the group of siblings, or -1. */
  readonly groups: Int8Array
  /** By kernel: a number that siblings share. */
  readonly keys: Int32Array
}

/**
 * The kernels of all cells of a graph: each label of a vertex has a kernel of its own, at the same place and
 * with the same inputs.
 */
export class CellKernels {
  /** By label. */
  private readonly labeled: readonly Flat[]
  /** Those of one cell: only the kernels of vertices change. */
  private readonly current: Flat
  /** Indices of the kernels of vertices: module by module, in each vertex by vertex. */
  private readonly ofVertices: Int32Array
  private readonly seen: Int32Array
  private round = 0

  /**
   * @param kernels by label: those of the cell whose vertices all have the label
   * @param vertices number of the vertices between input and output
   * @throws {LetiError} `unsupported` if labels differ in more than the kernels of the vertices
   */
  constructor(
    kernels: readonly (readonly Kernel[])[],
    private readonly vertices: number,
  ) {
    const keys = new Map<string, number>()
    this.labeled = kernels.map((own) => flat(own, keys))
    this.current = flat(kernels[0], keys)
    this.seen = new Int32Array(keys.size)
    const [first, ...others] = kernels
    const same = others.every(
      (own) => own.length === first.length && own.every((kernel, i) => isAlike(kernel, first[i])),
    )
    const last = kernels[kernels.length - 1]
    const changed = [...first.keys()].filter(
      (i) => first[i].operator.type !== last[i]?.operator.type,
    )
    this.ofVertices = Int32Array.from(changed)
    if (same && (vertices ? changed.length % vertices === 0 : !changed.length)) return
    throw new LetiError('unsupported', 'the kernels of a cell depend on its labels')
  }

  /** The shapes of a vertex's kernels in all modules. */
  places(vertex: number): number[] {
    return [...this.ofVertices].filter((_, i) => i % this.vertices === vertex)
  }

  /** Sets the labels of the vertices. */
  label(labels: readonly number[]): void {
    const { ofVertices, current, labeled } = this
    for (let i = 0; i < ofVertices.length; i++) {
      const at = ofVertices[i]
      const { path, groups, keys } = labeled[labels[i % this.vertices]]
      current.path.work[at] = path.work[at]
      current.path.macs[at] = path.macs[at]
      current.path.kinds[at] = path.kinds[at]
      current.groups[at] = groups[at]
      current.keys[at] = keys[at]
    }
  }

  /** The values of `PATH_NAMES`. */
  path(): number[] {
    return pathNumbers(this.current.path)
  }

  /** The values of `SIBLING_NAMES`. */
  siblings(): number[] {
    const { groups, keys } = this.current
    const { seen } = this
    const round = ++this.round
    const numbers = SIBLING_NAMES.map(() => 0)
    for (let i = 0; i < groups.length; i++) {
      if (groups[i] < 0) continue
      if (seen[keys[i]] === round) numbers[groups[i]]++
      else seen[keys[i]] = round
    }
    return numbers
  }
}

function isAlike(a: Kernel, b: Kernel): boolean {
  return (
    a.output_bytes === b.output_bytes &&
    a.shape.join() === b.shape.join() &&
    a.inputs.join() === b.inputs.join()
  )
}

/** @param keys numbers of the keys of siblings; new ones are added */
function flat(kernels: readonly Kernel[], keys: Map<string, number>): Flat {
  const siblings = kernels.map((kernel) => siblingOf(kernel, kernels))
  const numbers = siblings.map((sibling) => {
    if (!sibling) return 0
    const number = keys.get(sibling.key) ?? keys.size
    keys.set(sibling.key, number)
    return number
  })
  return {
    path: pathKernels(kernels),
    groups: Int8Array.from(siblings, (sibling) => sibling?.group ?? -1),
    keys: Int32Array.from(numbers),
  }
}
