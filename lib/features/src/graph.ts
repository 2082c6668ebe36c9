import {
  edgeFeatureName,
  LetiError,
  vertexFeatureName,
  type Arch,
  type Features,
} from '@leti/records'
import { nb101, nb201, NB201_EDGES, NB201_OPERATIONS, OPERATION_NAMES } from '@leti/spaces'

/** A cell as a graph with an operation at each vertex: the input of graph neural networks. */
interface CellGraph {
  /** Operation of each vertex, in topological order, from the input to the output. */
  readonly operations: readonly string[]
  readonly edges: readonly (readonly [number, number])[]
}

/** Limit of the published search space. */
const NB101_VERTICES = 7

const ENDS = ['input', 'output']

/** Numbers of vertices, and operations, that the cells of a space may have. */
interface GraphSpace {
  readonly vertices: number
  readonly operations: readonly string[]
  readonly graphOf: (arch: Arch) => CellGraph
}

const SPACES: Readonly<Record<string, GraphSpace>> = {
  [nb101.name]: {
    vertices: NB101_VERTICES,
    operations: [...ENDS, ...OPERATION_NAMES],
    graphOf: nb101Graph,
  },
  [nb201.name]: {
    vertices: NB201_EDGES.length + 2,
    operations: [...ENDS, ...NB201_OPERATIONS],
    graphOf: nb201Graph,
  },
}

/**
 * One-hot encoding of a cell: 1 for each edge between two vertices, and for the operation of each
 * vertex. Vertices that a smaller cell lacks have zeros. Other architectures have no such features.
 */
export function graphFeatures(arch: Arch): Features {
  const space = SPACES[arch.space]
  if (!space) return {}
  const features: Features = {}
  for (let to = 1; to < space.vertices; to++) {
    for (let from = 0; from < to; from++) features[edgeFeatureName(from, to)] = 0
  }
  for (let vertex = 0; vertex < space.vertices; vertex++) {
    for (const operation of space.operations) features[vertexFeatureName(vertex, operation)] = 0
  }
  const { operations, edges } = space.graphOf(arch)
  for (const [from, to] of edges) features[edgeFeatureName(from, to)] = 1
  operations.forEach((operation, vertex) => (features[vertexFeatureName(vertex, operation)] = 1))
  return features
}

function nb101Graph(arch: Arch): CellGraph {
  const { matrix, operations } = nb101.parse(arch).cell
  if (matrix.length > NB101_VERTICES) {
    throw new LetiError('unsupported', `graphs of at most ${NB101_VERTICES} vertices`)
  }
  const edges = matrix.flatMap((row, from) =>
    row.flatMap((edge, to) => (edge ? [[from, to] as const] : [])),
  )
  return { operations, edges }
}

/** Each edge of the cell becomes a vertex; a vertex `none` has no edges. */
function nb201Graph(arch: Arch): CellGraph {
  const { cell } = nb201.parse(arch)
  const output = NB201_EDGES.length + 1
  const edges: [number, number][] = []
  NB201_EDGES.forEach(([from, to], edge) => {
    if (cell[edge] === 'none') return
    if (from === 0) edges.push([0, edge + 1])
    if (to === 3) edges.push([edge + 1, output])
    NB201_EDGES.forEach(([next], other) => {
      if (next === to && cell[other] !== 'none') edges.push([edge + 1, other + 1])
    })
  })
  return { operations: ['input', ...cell, 'output'], edges }
}
