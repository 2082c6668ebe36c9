import {
  countEdges,
  countLabellings,
  edgeBit,
  labellingOf,
  labelsOf,
  MAX_EDGES,
  MAX_VERTICES,
  MIN_VERTICES,
} from './graph.js'

/**
 * The graphs of the space and the labellings of each, in the order of the public `generate_graphs`
 * script, which keeps the first cell of every class of equal hashes. On this space equal hashes mean
 * isomorphic cells, so nothing need be hashed here: of isomorphic graphs the first carries all of
 * their cells, and of its labellings those stay that no symmetry of the graph turns into an earlier
 * one. https://github.com/google-research/nasbench/blob/master/nasbench/scripts/generate_graph.py
 */
export function enumerateGraphs(): LabelledGraph[] {
  const graphs: LabelledGraph[] = []
  for (let vertices = MIN_VERTICES; vertices <= MAX_VERTICES; vertices++) {
    const relabellings = relabellingsOf(vertices)
    for (const edges of fullGraphs(vertices)) {
      const symmetries = symmetriesOfFirst(edges, relabellings)
      if (!symmetries) continue
      graphs.push({ vertices, edges, labellings: distinctLabellings(vertices, symmetries) })
    }
  }
  return graphs
}

/** A graph, the first of its isomorphism class, and its labellings that are distinct. */
export interface LabelledGraph {
  readonly vertices: number
  readonly edges: number
  readonly labellings: readonly number[]
}

/**
 * The graphs in which every vertex lies on a path from input to output, in ascending order: every
 * vertex but the first has an incoming edge, every one but the last an outgoing one.
 */
export function* fullGraphs(vertices: number): Generator<number> {
  const all = 1 << edgeBit(0, vertices)
  for (let edges = 0; edges < all; edges++) {
    if (isFull(vertices, edges) && countEdges(edges) <= MAX_EDGES) yield edges
  }
}

function isFull(vertices: number, edges: number): boolean {
  let leaving = 0
  for (let to = 1; to < vertices; to++) {
    const entering = (edges >>> edgeBit(0, to)) & ((1 << to) - 1)
    if (!entering) return false
    leaving |= entering
  }
  return leaving === (1 << (vertices - 1)) - 1
}

/** A permutation of the vertices between input and output. */
interface Relabelling {
  /** Where each of these vertices goes, counted from 0. */
  readonly to: readonly number[]
  /** The edges that it would turn backwards. */
  readonly reversed: number
  /** What each edge becomes, by its bit. */
  readonly images: readonly number[]
}

/** All permutations but the identity. */
function relabellingsOf(vertices: number): Relabelling[] {
  const inner = [...Array(vertices - 2).keys()]
  return permutations(inner)
    .slice(1)
    .map((to) => {
      const image = [0, ...to.map((vertex) => vertex + 1), vertices - 1]
      const images: number[] = []
      let reversed = 0
      for (let y = 1; y < vertices; y++) {
        for (let x = 0; x < y; x++) {
          if (image[x] > image[y]) reversed |= 1 << edgeBit(x, y)
          images[edgeBit(x, y)] = 1 << edgeBit(image[x], image[y])
        }
      }
      return { to, reversed, images }
    })
}

/** In lexicographic order. */
function permutations(items: readonly number[]): number[][] {
  if (!items.length) return [[]]
  return items.flatMap((first) =>
    permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]),
  )
}

/** The symmetries of a graph, or undefined where an isomorphic one comes before it. */
function symmetriesOfFirst(
  edges: number,
  relabellings: readonly Relabelling[],
): Relabelling[] | undefined {
  const symmetries: Relabelling[] = []
  for (const relabelling of relabellings) {
    if (edges & relabelling.reversed) continue
    const image = imageOf(edges, relabelling.images)
    if (image < edges) return undefined
    if (image === edges) symmetries.push(relabelling)
  }
  return symmetries
}

function imageOf(edges: number, images: readonly number[]): number {
  let image = 0
  for (let bit = 0; edges >>> bit; bit++) if ((edges >>> bit) & 1) image |= images[bit]
  return image
}

/** The labellings that no symmetry turns into an earlier one. */
function distinctLabellings(vertices: number, symmetries: readonly Relabelling[]): number[] {
  const all = [...Array(countLabellings(vertices)).keys()]
  return all.filter((labelling) => {
    const labels = labelsOf(vertices, labelling)
    return symmetries.every(
      ({ to }) => labellingOf(to.map((vertex) => labels[vertex])) >= labelling,
    )
  })
}
