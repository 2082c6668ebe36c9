import { elements, type Shape } from '@leti/network'
import { fromHalf } from '../../weights/half.js'
import { printable } from '../../importer/names.js'
import { damaged } from './flatbuffer.js'
import type { ParsedTensor } from './parse.js'
import { dequantised, storedCodes, type StoredNumbers } from './quantization.js'
import { TENSOR_TYPE } from '../schema.js'
import { densified } from './sparsity.js'

/** A constant of floats: its numbers are made anew by each call. */
export interface FloatConstant {
  readonly shape: Shape
  readonly read: () => Float32Array
}

/**
 * The floats of a constant tensor, those that its codes stand for where it is quantised, or undefined
 * where it is none.
 *
 * @throws {LetiError} `bad-model` where it holds another count of numbers than its shape says
 */
export function floatConstant(tensor: ParsedTensor): FloatConstant | undefined {
  const { data, type, shape, name, sparsity, quantisation } = tensor
  const codes = storedCodes(tensor)
  const numbers = codes ?? FLOATS.get(type)
  if (!data || !numbers) return undefined
  const { bits, decode } = numbers
  const isWhole = (data.length * 8) % bits === 0
  if (!isWhole || (!sparsity && data.length !== Math.ceil((bits * elements(shape)) / 8))) {
    const sizes = shape.join('x')
    throw damaged(`${printable(name)} holds ${data.length} bytes for the shape ${sizes}`)
  }
  // A copy lies at a multiple of the numbers' size.
  const stored = (): Float32Array => Float32Array.from(decode(data.slice().buffer))
  const dense = sparsity ? densified(stored, shape, sparsity) : stored
  return { shape, read: codes && quantisation ? dequantised(dense, shape, quantisation) : dense }
}

/** How floats are stored, by their types. */
const FLOATS = new Map<number, StoredNumbers>([
  [TENSOR_TYPE.float32, { bits: 32, decode: (buffer) => new Float32Array(buffer) }],
  [TENSOR_TYPE.float16, { bits: 16, decode: (buffer) => fromHalf(new Uint16Array(buffer)) }],
])

/** More numbers than any operator takes as an argument. */
const MAX_INTEGERS = 64

/** The numbers of a constant tensor of integers, or undefined where it is none. */
export function integerConstant({ data, type }: ParsedTensor): readonly number[] | undefined {
  if (!data || data.length > 8 * MAX_INTEGERS) return undefined
  const { buffer } = data.slice()
  if (type === TENSOR_TYPE.int32 && data.length % 4 === 0) return [...new Int32Array(buffer)]
  if (type === TENSOR_TYPE.int64 && data.length % 8 === 0) {
    return [...new BigInt64Array(buffer)].map(Number)
  }
  return undefined
}
