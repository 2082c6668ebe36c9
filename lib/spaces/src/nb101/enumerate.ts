import {
  countEdges,
  countLabelings,
  edgeBit,
  labelingOf,
  labelsOf,
  MAX_EDGES,
  MAX_VERTICES,
  MIN_VERTICES,
} from './graph.js'

/**
 * The graphs of the space and the labelings of each, in the order of the public `generate_graphs` script.
 * That script keeps the first cell of each class of equal hashes. In this space equal hashes mean
 * isomorphic cells, so this function needs no hashes: it keeps the first of isomorphic graphs, and the
 * labelings of it that no symmetry of the graph turns into an earlier one.
 * https://github.com/google-research/nasbench/blob/master/nasbench/scripts/generate_graph.py
 */
export function enumerateGraphs(): LabeledGraph[] {
  const graphs: LabeledGraph[] = []
  for (let vertices = MIN_VERTICES; vertices <= MAX_VERTICES; vertices++) {
    const relabelings = relabelingsOf(vertices)
    for (const edges of fullGraphs(vertices)) {
      const symmetries = symmetriesOfFirst(edges, relabelings)
      if (!symmetries) continue
      graphs.push({ vertices, edges, labelings: distinctLabelings(vertices, symmetries) })
    }
  }
  return graphs
}

/** The first graph of an isomorphism class and its distinct labelings. */
export interface LabeledGraph {
  readonly vertices: number
  readonly edges: number
  readonly labelings: readonly number[]
}

/**
 * The graphs in which every vertex lies on a path from input to output, in ascending order: all vertices
 * but the first have an incoming edge, all but the last an outgoing one.
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
interface Relabeling {
  /** The new place of each of these vertices, counted from 0. */
  readonly to: readonly number[]
  /** The edges that it would turn backwards, as bits. */
  readonly reversed: number
  /** The bit that each edge becomes, by the number of its bit. */
  readonly images: readonly number[]
}

/** All permutations but the identity. */
function relabelingsOf(vertices: number): Relabeling[] {
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

/** The symmetries of a graph, or undefined if an isomorphic graph precedes it. */
function symmetriesOfFirst(
  edges: number,
  relabelings: readonly Relabeling[],
): Relabeling[] | undefined {
  const symmetries: Relabeling[] = []
  for (const relabeling of relabelings) {
    if (edges & relabeling.reversed) continue
    const image = imageOf(edges, relabeling.images)
    if (image < edges) return undefined
    if (image === edges) symmetries.push(relabeling)
  }
  return symmetries
}

function imageOf(edges: number, images: readonly number[]): number {
  let image = 0
  for (let bit = 0; edges >>> bit; bit++) if ((edges >>> bit) & 1) image |= images[bit]
  return image
}

/** The labelings that no symmetry turns into an earlier one. */
function distinctLabelings(vertices: number, symmetries: readonly Relabeling[]): number[] {
  const all = [...Array(countLabelings(vertices)).keys()]
  return all.filter((labeling) => {
    const labels = labelsOf(vertices, labeling)
    return symmetries.every(({ to }) => labelingOf(to.map((vertex) => labels[vertex])) >= labeling)
  })
}
