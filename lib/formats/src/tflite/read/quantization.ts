import type { Shape } from '@leti/network'
import { TENSOR_TYPE } from '../schema.js'
import { damaged } from './flatbuffer.js'
import type { ParsedTensor, Quantization } from './parse.js'

/** How numbers are stored. */
export interface StoredNumbers {
  readonly bits: number
  readonly decode: (buffer: ArrayBuffer) => ArrayLike<number>
}

/** How codes are stored, by the type of the tensor. */
const CODES = new Map<number, StoredNumbers>([
  [TENSOR_TYPE.int32, { bits: 32, decode: (buffer) => new Int32Array(buffer) }],
  [TENSOR_TYPE.uint8, { bits: 8, decode: (buffer) => new Uint8Array(buffer) }],
  [TENSOR_TYPE.int16, { bits: 16, decode: (buffer) => new Int16Array(buffer) }],
  [TENSOR_TYPE.int8, { bits: 8, decode: (buffer) => new Int8Array(buffer) }],
  [TENSOR_TYPE.int4, { bits: 4, decode: nibbles }],
])

/** How the codes of a quantized tensor are stored; undefined if the tensor is not quantized. */
export function storedCodes({ type, quantization }: ParsedTensor): StoredNumbers | undefined {
  return quantization ? CODES.get(type) : undefined
}

/**
 * The real numbers that codes stand for: `scale * (code - zero)`.
 *
 * @param codes one for each element of the shape
 * @throws {LetiError} `bad-model` if the axis has an index without a scale
 */
export function dequantized(
  codes: () => ArrayLike<number>,
  shape: Shape,
  { scales, zeros, axis }: Quantization,
): () => Float32Array {
  const isOfAxis = scales.length > 1
  const counts = new Set([0, 1, scales.length])
  if ((isOfAxis && shape[axis] !== scales.length) || !counts.has(zeros.length)) {
    throw damaged('a quantized tensor lacks a scale')
  }
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1)
  return () =>
    Float32Array.from(codes(), (code, index) => {
      const at = isOfAxis ? Math.floor(index / inner) % scales.length : 0
      return scales[at] * (code - (zeros[zeros.length > 1 ? at : 0] ?? 0))
    })
}

/** Signed numbers of 4 bits: two per byte, the lower bits first. */
function nibbles(buffer: ArrayBuffer): number[] {
  const signed = (bits: number): number => (bits << 28) >> 28
  return Array.from(new Uint8Array(buffer)).flatMap((byte) => [signed(byte), signed(byte >> 4)])
}
