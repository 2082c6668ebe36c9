/**
 * The published limits of the space: Ying et al., "NAS-Bench-101: Towards Reproducible Neural
 * Architecture Search", ICML 2019, section 2.1.
 */
export const MAX_VERTICES = 7
export const MAX_EDGES = 9
export const MIN_VERTICES = 2

/**
 * The edges of a cell as bits, in the order of the public `generate_graphs` script: an edge from `x` to
 * a later `y` is bit `x + y (y - 1) / 2`, so that a vertex's incoming edges stand together.
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

/** A cell of the published space in 32 bits; ascending codes are the public enumeration's order. */
export interface PackedCell {
  readonly vertices: number
  /** See `edgeBit`. */
  readonly edges: number
  /** The labels of the vertices between input and output, as the digits of a number in base 3. */
  readonly labelling: number
}

export function packCell({ vertices, edges, labelling }: PackedCell): number {
  return ((vertices << 29) | (edges << 8) | labelling) >>> 0
}

export function unpackCell(code: number): PackedCell {
  return { vertices: code >>> 29, edges: (code >>> 8) & 0x1fffff, labelling: code & 0xff }
}

/** How many labels the published space has: one an operation. */
const LABELS = 3

/** How many labellings a graph has. */
export function countLabellings(vertices: number): number {
  return LABELS ** (vertices - 2)
}

/** The labels of the vertices between input and output; the first is the highest digit. */
export function labelsOf(vertices: number, labelling: number): number[] {
  const labels: number[] = []
  for (let left = vertices - 2, rest = labelling; left > 0; left--) {
    labels.unshift(rest % LABELS)
    rest = Math.floor(rest / LABELS)
  }
  return labels
}

/** The inverse of `labelsOf`. */
export function labellingOf(labels: readonly number[]): number {
  return labels.reduce((number, label) => number * LABELS + label, 0)
}
