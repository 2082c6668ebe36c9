/**
 * The published limits of the space: Ying et al., "NAS-Bench-101: Towards Reproducible Neural
 * Architecture Search", ICML 2019, section 2.1.
 */
export const MAX_VERTICES = 7
export const MAX_EDGES = 9
export const MIN_VERTICES = 2

/**
 * The bit of an edge, in the order of the public `generate_graphs` script: an edge from `x` to a later
 * `y` is bit `x + y (y - 1) / 2`, so the incoming edges of a vertex are adjacent.
 */
export function edgeBit(from: number, to: number): number {
  return from + (to * (to - 1)) / 2
}

function hasEdge(edges: number, from: number, to: number): boolean {
  return ((edges >>> edgeBit(from, to)) & 1) === 1
}

export function countEdges(edges: number): number {
  let count = 0
  for (let rest = edges; rest; rest &= rest - 1) count++
  return count
}

export function matrixOf(vertices: number, edges: number): number[][] {
  const all = [...Array(vertices).keys()]
  return all.map((from) => all.map((to) => (from < to && hasEdge(edges, from, to) ? 1 : 0)))
}

/** A cell of the published space. Packed into 32 bits, cells ascend in the public order. */
export interface PackedCell {
  readonly vertices: number
  /** A bit for each edge; see `edgeBit`. */
  readonly edges: number
  /** The labels of the vertices between input and output, as the digits of a number in base 3. */
  readonly labeling: number
}

export function packCell({ vertices, edges, labeling }: PackedCell): number {
  return ((vertices << 29) | (edges << 8) | labeling) >>> 0
}

export function unpackCell(code: number): PackedCell {
  return { vertices: code >>> 29, edges: (code >>> 8) & 0x1fffff, labeling: code & 0xff }
}

/** Number of labels of the published space: one per operation. */
const LABELS = 3

/** Number of labelings of a graph. */
export function countLabelings(vertices: number): number {
  return LABELS ** (vertices - 2)
}

/** The labels of the vertices between input and output; the first vertex is the highest digit. */
export function labelsOf(vertices: number, labeling: number): number[] {
  const labels: number[] = []
  for (let left = vertices - 2, rest = labeling; left > 0; left--) {
    labels.unshift(rest % LABELS)
    rest = Math.floor(rest / LABELS)
  }
  return labels
}

/** The inverse of `labelsOf`. */
export function labelingOf(labels: readonly number[]): number {
  return labels.reduce((number, label) => number * LABELS + label, 0)
}
