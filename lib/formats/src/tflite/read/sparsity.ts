import { elements, type Shape } from '@leti/network'
import { DIMENSION, DIMENSION_FORMAT, SPARSE_INDEX_VECTOR, SPARSITY } from '../schema.js'
import { damaged, type Table } from './flatbuffer.js'
import { MAX_RANK } from './parse.js'

/** A dimension of a sparse tensor; dimensions are stored from the outermost to the innermost. */
interface Level {
  /** Index of the axis in the tensor; axes within blocks come after the axes of the shape. */
  readonly dimension: number
  /** Size of a dense dimension. */
  readonly size: number
  /** For a compressed dimension: the range in `indices` of each outer position. */
  readonly segments?: ArrayLike<number>
  readonly indices: ArrayLike<number>
}

/** Limit on the size of a tensor, as a multiple of the stored numbers. */
const MAX_SPARSITY = 256

/**
 * Reads a sparse tensor, in the format of TACO with blocks: `SparsityParameters` in the schema.
 *
 * @param stored gives the numbers that are stored
 * @param shape of the dense tensor
 * @returns a function that gives the dense tensor
 * @throws {LetiError} `bad-model`, at once and when the function is called
 */
export function densified(
  stored: () => Float32Array,
  shape: Shape,
  sparsity: Table,
): () => Float32Array {
  const levels = levelsOf(sparsity)
  const strides = stridesOf(levels, shape, sparsity.ints(SPARSITY.block_map))
  return () => {
    const values = stored()
    const size = elements(shape)
    if (size > MAX_SPARSITY * (values.length + 1))
      throw damaged('a sparse tensor stores too few numbers for its size')
    const result = new Float32Array(size)
    let steps = 8 * (size + 1)
    const fill = (depth: number, position: number, target: number): void => {
      if (--steps < 0) throw damaged('a sparse tensor repeats indices')
      if (depth === levels.length) {
        if (position >= values.length || target >= size)
          throw damaged('a sparse tensor has an index out of range')
        result[target] = values[position]
        return
      }
      const level = levels[depth]
      const next = (index: number, at: number): void =>
        fill(depth + 1, at, target + index * strides[depth])
      if (level.segments) {
        const end = Math.min(level.segments[position + 1] ?? 0, level.indices.length)
        for (let at = level.segments[position] ?? 0; at < end; at++) next(level.indices[at], at)
      } else {
        for (let index = 0; index < level.size; index++) next(index, position * level.size + index)
      }
    }
    fill(0, 0, 0)
    return result
  }
}

function levelsOf(sparsity: Table): Level[] {
  const order = sparsity.ints(SPARSITY.traversal_order)
  const metadata = sparsity.tables(SPARSITY.dim_metadata)
  if (metadata.length !== order.length) throw damaged('a sparse tensor lacks a dimension')
  // Each axis is cut into blocks once at most.
  if (order.length > 2 * MAX_RANK) throw damaged('a sparse tensor has too many dimensions')
  return metadata.map((table, depth) => {
    const dimension = order[depth]
    if (table.byte(DIMENSION.format) === DIMENSION_FORMAT.dense) {
      return { dimension, size: table.int(DIMENSION.dense_size), indices: [] }
    }
    const segments = indexVector(table, DIMENSION.array_segments_type, DIMENSION.array_segments)
    const indices = indexVector(table, DIMENSION.array_indices_type, DIMENSION.array_indices)
    return { dimension, size: 0, segments, indices }
  })
}

/** The numbers of the union `SparseIndexVector`, whose type and table are in these slots. */
function indexVector(table: Table, typeSlot: number, tableSlot: number): ArrayLike<number> {
  const { uint16, uint8, values: slot } = SPARSE_INDEX_VECTOR
  const vector = table.table(tableSlot)
  const type = table.byte(typeSlot)
  if (type === uint16) return vector?.shorts(slot) ?? []
  if (type === uint8) return vector?.bytes(slot) ?? []
  const values = vector?.ints(slot) ?? []
  if (values.some((value) => value < 0)) throw damaged('a sparse tensor has a negative index')
  return values
}

/** The distance in the dense tensor between neighbors along each level. */
function stridesOf(levels: readonly Level[], shape: Shape, blockMap: readonly number[]): number[] {
  const rank = shape.length
  const strideOf = (axis: number): number => elements(shape.slice(axis + 1))
  return levels.map(({ dimension }) => {
    if (dimension < 0 || dimension >= rank + blockMap.length) {
      throw damaged('a sparse tensor has too many dimensions')
    }
    if (dimension >= rank) return strideOf(blockMap[dimension - rank])
    // A step along an axis that is cut into blocks goes over a whole block.
    const block = levels.find((level) => blockMap[level.dimension - rank] === dimension)
    return strideOf(dimension) * (block?.size ?? 1)
  })
}
