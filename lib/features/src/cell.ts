import { cellFeatureName, type Arch, type Features } from '@leti/records'
import { nb101, OPERATION_NAMES } from '@leti/spaces'

/** Operations with features: the published ones in the order of their labels, then the others. */
const COUNTED = OPERATION_NAMES.map((name) => [name, cellFeatureName(name)] as const)

/**
 * Structure of a NAS-Bench-101 cell after pruning: vertices, edges, depth (edges on the longest path),
 * width (largest number of vertices at the same distance from the input, by the longest path), and the
 * count of each operation. Other architectures have no such features.
 */
export function cellFeatures(arch: Arch): Features {
  if (arch.space !== nb101.name) return {}
  const { matrix, operations } = nb101.parse(arch).cell
  const distances = longestDistances(matrix)
  const levels = new Array<number>(matrix.length).fill(0)
  for (const distance of distances) levels[distance]++
  const features: Features = {
    cell_vertices: matrix.length,
    cell_edges: matrix.reduce((sum, row) => sum + row.reduce((edges, edge) => edges + edge, 0), 0),
    cell_depth: distances[distances.length - 1],
    cell_width: Math.max(...levels),
  }
  for (const [operation, name] of COUNTED) {
    features[name] = operations.filter((candidate) => candidate === operation).length
  }
  return features
}

/** Edges on the longest path from the input to each vertex; vertices come in topological order. */
function longestDistances(matrix: readonly (readonly number[])[]): number[] {
  const distances = new Array<number>(matrix.length).fill(0)
  matrix.forEach((row, from) => {
    row.forEach((edge, to) => {
      if (edge) distances[to] = Math.max(distances[to], distances[from] + 1)
    })
  })
  return distances
}
