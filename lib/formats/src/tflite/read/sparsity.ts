import { elements, type Shape } from '@leti/network'
import { damaged, type Table } from './flatbuffer.js'
import { MAX_RANK } from './parse.js'

/** A dimension of a sparse tensor, in the order of its storage. */
interface Level {
  /** Its index in the tensor, with those of the blocks after those of the shape. */
  readonly dimension: number
  /** How many indices a dense dimension has. */
  readonly size: number
  /** Where those of each index before begin and end in `indices`, where it is compressed. */
  readonly segments?: ArrayLike<number>
  readonly indices: ArrayLike<number>
}

/** A tensor is no more than this many times as large as what is stored of it. */
const MAX_SPARSITY = 256

/**
 * Reads a sparse tensor: the format of TACO, with blocks (`SparsityParameters` in the public schema).
 *
 * @param stored makes the numbers that are stored
 * @param shape of the whole tensor
 * @returns what makes the whole tensor
 * @throws {LetiError} `bad-model`, now and when the tensor is made
 */
export function densified(
  stored: () => Float32Array,
  shape: Shape,
  sparsity: Table,
): () => Float32Array {
  const levels = levelsOf(sparsity)
  const strides = stridesOf(levels, shape, sparsity.ints(1))
  return () => {
    const values = stored()
    const size = elements(shape)
    if (size > MAX_SPARSITY * (values.length + 1)) throw damaged('a sparse tensor is all but empty')
    const result = new Float32Array(size)
    let steps = 8 * (size + 1)
    const fill = (depth: number, position: number, target: number): void => {
      if (--steps < 0) throw damaged('a sparse tensor repeats')
      if (depth === levels.length) {
        if (position >= values.length || target >= size) throw damaged('a sparse tensor overflows')
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
  const order = sparsity.ints(0)
  const metadata = sparsity.tables(2)
  if (metadata.length !== order.length) throw damaged('a sparse tensor lacks a dimension')
  // Each axis is cut into blocks once at most.
  if (order.length > 2 * MAX_RANK) throw damaged('a sparse tensor has a dimension too many')
  return metadata.map((table, depth) => {
    const dimension = order[depth]
    const isDense = table.byte(0) === 0
    if (isDense) return { dimension, size: table.int(1), indices: [] }
    return { dimension, size: 0, segments: indexVector(table, 2), indices: indexVector(table, 4) }
  })
}

/** A union of vectors of int32, uint16 and uint8: its type in `slot`, the table in the next. */
function indexVector(table: Table, slot: number): ArrayLike<number> {
  const vector = table.table(slot + 1)
  const type = table.byte(slot)
  if (type === 2) return vector?.shorts(0) ?? []
  if (type === 3) return vector?.bytes(0) ?? []
  const values = vector?.ints(0) ?? []
  if (values.some((value) => value < 0)) throw damaged('a sparse tensor has a negative index')
  return values
}

/** How far apart in the whole tensor neighbours in each level lie. */
function stridesOf(levels: readonly Level[], shape: Shape, blockMap: readonly number[]): number[] {
  const rank = shape.length
  const strideOf = (axis: number): number => elements(shape.slice(axis + 1))
  return levels.map(({ dimension }) => {
    if (dimension < 0 || dimension >= rank + blockMap.length) {
      throw damaged('a sparse tensor has a dimension too many')
    }
    if (dimension >= rank) return strideOf(blockMap[dimension - rank])
    // In blocks, a step of the whole dimension goes over a block.
    const block = levels.find((level) => blockMap[level.dimension - rank] === dimension)
    return strideOf(dimension) * (block?.size ?? 1)
  })
}
