import { elements, type Kernel } from '@leti/network'
import { LetiError } from '@leti/records'
import { pathKernels, pathNumbers, type PathKernels } from './path.js'
import { SIBLING_NAMES, siblingOf } from './siblings.js'

/** What a label makes of a vertex's kernel. */
interface LabeledKernel {
  readonly work: number
  readonly macs: number
  /** As `kindOf` gives it. */
  readonly kind: number
  /** The group of siblings, or -1. */
  readonly group: number
  /** The number of what siblings share besides the tensor that they read. */
  readonly key: number
}

/** The kernels of a vertex of one shape, by label. */
interface Labeled {
  readonly shape: string
  readonly kernels: readonly LabeledKernel[]
}

/** What the kernels of many graphs have in common. */
export class SharedKernels {
  /** By shape. */
  readonly labeled = new Map<string, Labeled>()
  private readonly keys = new Map<string, number>()
  /** By source and key: the last round that met such a kernel. */
  private seen = new Int32Array(0)
  private round = 0

  /** The number of the key of siblings. */
  keyOf(text: string): number {
    const known = this.keys.get(text) ?? this.keys.size
    this.keys.set(text, known)
    return known
  }

  /** Begins a network of so many kernels. Returns whether a kernel of this source and key was met in it before. */
  meeting(kernels: number): (source: number, key: number) => boolean {
    const { size } = this.keys
    if (this.seen.length < kernels * size) this.seen = new Int32Array(2 * kernels * size)
    const { seen } = this
    const round = ++this.round
    return (source, key) => {
      const at = source * size + key
      if (seen[at] === round) return true
      seen[at] = round
      return false
    }
  }
}

/**
 * The kernels of all cells of a graph: each label of a vertex has a kernel of its own, at the same place and
 * with the same inputs. The kernel depends on the label and the shape only.
 */
export class CellKernels {
  /** Those of the cell that was labeled last: only the kernels of vertices change. */
  private readonly path: PathKernels
  /** By kernel: the group of siblings, or -1; the number of their key; the kernel whose output is read. */
  private readonly groups: Int8Array
  private readonly keys: Int32Array
  private readonly sources: Int32Array
  /** Indices of the kernels of vertices: module by module, in each vertex by vertex. */
  private readonly places: readonly number[]
  /** What labels make of the kernel at each of these places. */
  private readonly labeled: readonly Labeled[]

  /**
   * @param kernels those of the cell whose vertices all have the first label
   * @param vertices number of the vertices between input and output
   * @param kernelsOf those of the cells whose vertices all have another label; called for shapes that are new
   * @throws {LetiError} `unsupported` if labels differ in more than the kernels of the vertices
   */
  constructor(
    kernels: readonly Kernel[],
    private readonly vertices: number,
    private readonly shared: SharedKernels,
    kernelsOf: () => readonly (readonly Kernel[])[],
  ) {
    this.path = pathKernels(kernels)
    const siblings = kernels.map((kernel) => siblingOf(kernel, kernels))
    this.groups = Int8Array.from(siblings, (sibling) => sibling?.group ?? -1)
    this.keys = Int32Array.from(siblings, (sibling) => (sibling ? shared.keyOf(sibling.key) : 0))
    this.sources = Int32Array.from(siblings, (sibling) => sibling?.source ?? 0)
    this.places = placesOf(kernels)
    const fits = vertices ? this.places.length % vertices === 0 : !this.places.length
    if (!fits) throw unlike()
    const shapes = this.places.map((at) => kernels[at].shape.join('x'))
    if (shapes.some((shape) => !shared.labeled.has(shape))) {
      this.learn(shapes, [kernels, ...kernelsOf()])
    }
    this.labeled = shapes.map((shape) => shared.labeled.get(shape) as Labeled)
  }

  /** How many there are. */
  get count(): number {
    return this.groups.length
  }

  /** The shapes of a vertex's kernels in all modules. */
  shapesOf(vertex: number): string[] {
    const own = this.labeled.filter((_, i) => i % this.vertices === vertex)
    return own.map(({ shape }) => shape)
  }

  /** Sets the labels of the vertices. */
  label(labels: readonly number[]): void {
    const { places, path, groups, keys, labeled } = this
    for (let i = 0; i < places.length; i++) {
      const at = places[i]
      const kernel = labeled[i].kernels[labels[i % this.vertices]]
      path.work[at] = kernel.work
      path.macs[at] = kernel.macs
      path.kinds[at] = kernel.kind
      groups[at] = kernel.group
      keys[at] = kernel.key
    }
  }

  /** The values of `PATH_NAMES`. */
  pathNumbers(): number[] {
    return pathNumbers(this.path)
  }

  /** The values of `SIBLING_NAMES`. */
  siblingNumbers(): number[] {
    const { groups, keys, sources } = this
    const wasMet = this.shared.meeting(groups.length)
    const numbers = SIBLING_NAMES.map(() => 0)
    for (let i = 0; i < groups.length; i++) {
      if (groups[i] >= 0 && wasMet(sources[i], keys[i])) numbers[groups[i]]++
    }
    return numbers
  }

  /**
   * @param shapes of the kernels of vertices
   * @param networks the kernels of all networks, by label
   */
  private learn(shapes: readonly string[], networks: readonly (readonly Kernel[])[]): void {
    const { places, shared } = this
    checkAlike(networks, new Set(places))
    const numbers = networks.map(pathKernels)
    shapes.forEach((shape, i) => {
      const at = places[i]
      const kernels = networks.map((own, label): LabeledKernel => {
        const sibling = siblingOf(own[at], own)
        const key = sibling ? shared.keyOf(sibling.key) : 0
        const { work, macs, kinds } = numbers[label]
        const group = sibling?.group ?? -1
        return { work: work[at], macs: macs[at], kind: kinds[at], group, key }
      })
      shared.labeled.set(shape, { shape, kernels })
    })
  }
}

/**
 * The kernels of vertices in a cell whose vertices all are 3x3 convolutions, as the first published operation is.
 * The stem is one too, and comes before them; projections are 1x1.
 */
function placesOf(kernels: readonly Kernel[]): number[] {
  const isConvolution = ({ operator }: Kernel): boolean =>
    operator.type === 'conv2d' && elements(operator.window.size) > 1
  return [...kernels.keys()].filter((at) => isConvolution(kernels[at])).slice(1)
}

/** @throws {LetiError} `unsupported` if networks differ in more than the operators of the kernels at these places */
function checkAlike(networks: readonly (readonly Kernel[])[], places: ReadonlySet<number>): void {
  const [first, ...others] = networks
  const isAlike = (a: Kernel, b: Kernel, i: number): boolean =>
    (places.has(i) || a.operator.type === b.operator.type) &&
    a.output_bytes === b.output_bytes &&
    a.shape.join() === b.shape.join() &&
    a.inputs.join() === b.inputs.join()
  const isSame = (own: readonly Kernel[]): boolean =>
    own.length === first.length && own.every((kernel, i) => isAlike(kernel, first[i], i))
  if (!others.every(isSame)) throw unlike()
}

function unlike(): LetiError {
  return new LetiError('unsupported', 'the kernels of a cell depend on its labels')
}
