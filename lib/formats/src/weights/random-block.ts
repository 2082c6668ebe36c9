import { createHash } from 'node:crypto'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Numbers of the block. It is a prime, so that no two rows of a large filter begin at the same place of it. */
const LENGTH = 2 ** 18 - 5

/** Tensors of so many numbers are cut from a scaled block; to scale one takes longer for smaller ones. */
const LARGE = LENGTH / 4

/** Scaled blocks that are kept, 1 MiB each. */
const MAX_SCALED = 16

/** Uniform numbers in [-1, 1), the same on every machine; made at first use. */
let block: Float32Array | undefined

/** The block times a number, for the numbers that were last used. */
const scaled = new Map<number, Float32Array>()

/**
 * Uniform random numbers in [-limit, limit): a part of one block, which begins again after its end. To draw each
 * number anew would take most of the time of writing a model.
 */
export class RandomNumbers {
  private readonly start: number

  /** @param name decides where in the block they begin */
  constructor(
    name: string,
    private readonly size: number,
    private readonly limit: number,
  ) {
    this.start = createHash('sha256').update(name).digest().readUInt32LE() % LENGTH
  }

  all(): Float32Array {
    const numbers = new Float32Array(this.size)
    let filled = 0
    for (const piece of this.pieces()) {
      numbers.set(piece, filled)
      filled += piece.length
    }
    return numbers
  }

  /** The numbers in pieces, which others share: they must not be changed. */
  *pieces(): Generator<Float32Array> {
    const { size, limit, start } = this
    const isLarge = size >= LARGE
    const source = isLarge ? scaledBlock(limit) : wholeBlock()
    for (let from = start, left = size; left > 0; from = 0) {
      const piece = source.subarray(from, from + left)
      yield isLarge ? piece : product(piece, limit)
      left -= piece.length
    }
  }
}

function wholeBlock(): Float32Array {
  if (block) return block
  const random = xoroshiro128plus(0)
  block = new Float32Array(LENGTH)
  for (let index = 0; index < LENGTH; index++) block[index] = random.next() / 2 ** 31
  return block
}

function scaledBlock(limit: number): Float32Array {
  const found = scaled.get(limit) ?? product(wholeBlock(), limit)
  // The first of a map is the one that was not used for longest.
  scaled.delete(limit)
  scaled.set(limit, found)
  const [oldest] = scaled.keys()
  if (scaled.size > MAX_SCALED && oldest !== undefined) scaled.delete(oldest)
  return found
}

function product(numbers: Float32Array, factor: number): Float32Array {
  const result = new Float32Array(numbers.length)
  for (let index = 0; index < result.length; index++) result[index] = factor * numbers[index]
  return result
}
