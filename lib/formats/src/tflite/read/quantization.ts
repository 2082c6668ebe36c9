import type { Shape } from '@leti/network'
import { damaged } from './flatbuffer.js'
import type { ParsedTensor, Quantisation } from './parse.js'

/** How numbers are stored. */
export interface StoredNumbers {
  readonly bits: number
  readonly decode: (buffer: ArrayBuffer) => ArrayLike<number>
}

/** The whole numbers that stand for others, by their types in the schema. */
const CODES = new Map<number, StoredNumbers>([
  [2, { bits: 32, decode: (buffer) => new Int32Array(buffer) }],
  [3, { bits: 8, decode: (buffer) => new Uint8Array(buffer) }],
  [7, { bits: 16, decode: (buffer) => new Int16Array(buffer) }],
  [9, { bits: 8, decode: (buffer) => new Int8Array(buffer) }],
  [17, { bits: 4, decode: nibbles }],
])

/** How the numbers of a quantised tensor are stored; undefined where it is none. */
export function storedCodes({ type, quantisation }: ParsedTensor): StoredNumbers | undefined {
  return quantisation ? CODES.get(type) : undefined
}

/**
 * The real numbers of codes.
 *
 * @param codes one for each element of the shape
 * @throws {LetiError} `bad-model` where there is not a scale for each index of the axis
 */
export function dequantised(
  codes: () => ArrayLike<number>,
  shape: Shape,
  { scales, zeros, axis }: Quantisation,
): () => Float32Array {
  const isOfAxis = scales.length > 1
  const counts = new Set([0, 1, scales.length])
  if ((isOfAxis && shape[axis] !== scales.length) || !counts.has(zeros.length)) {
    throw damaged('a quantised tensor lacks a scale')
  }
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1)
  return () =>
    Float32Array.from(codes(), (code, index) => {
      const at = isOfAxis ? Math.floor(index / inner) % scales.length : 0
      return scales[at] * (code - (zeros[zeros.length > 1 ? at : 0] ?? 0))
    })
}

/** Two to a byte, the lower bits first. */
function nibbles(buffer: ArrayBuffer): number[] {
  const signed = (bits: number): number => (bits << 28) >> 28
  return Array.from(new Uint8Array(buffer)).flatMap((byte) => [signed(byte), signed(byte >> 4)])
}
