import { elements } from '@leti/network'
import type { Constant } from '../../importer/constant.js'
import { printable } from '../../importer/names.js'
import { fromHalf } from '../../weights/half.js'
import { TENSOR_TYPE } from '../schema.js'
import { damaged } from './flatbuffer.js'
import type { ParsedTensor } from './parse.js'
import { dequantized, storedCodes, type StoredNumbers } from './quantization.js'
import { densified } from './sparsity.js'

/**
 * Reads a stored tensor as a constant. A quantized tensor is dequantized.
 *
 * @returns undefined if the file stores no numbers for it, or numbers of another type
 * @throws {LetiError} `bad-model` if the number of floats does not match the shape
 */
export function tensorConstant(tensor: ParsedTensor): Constant | undefined {
  return floatConstant(tensor) ?? integerConstant(tensor)
}

function floatConstant(tensor: ParsedTensor): Constant | undefined {
  const { data, type, shape, name, sparsity, quantization } = tensor
  const codes = storedCodes(tensor)
  const numbers = codes ?? FLOATS.get(type)
  if (!data || !numbers) return undefined
  const { bits, decode } = numbers
  const isWhole = (data.length * 8) % bits === 0
  if (!isWhole || (!sparsity && data.length !== Math.ceil((bits * elements(shape)) / 8))) {
    const sizes = shape.join('x')
    throw damaged(`${printable(name)} holds ${data.length} bytes for the shape ${sizes}`)
  }
  // A copy, so that it starts at a multiple of the size of a number.
  const stored = (): Float32Array => Float32Array.from(decode(data.slice().buffer))
  const dense = sparsity ? densified(stored, shape, sparsity) : stored
  const read = codes && quantization ? dequantized(dense, shape, quantization) : dense
  return { name, shape, isFloat: true, read }
}

function integerConstant({ data, type, shape, name }: ParsedTensor): Constant | undefined {
  const numbers = INTEGERS.get(type)
  if (!data || !numbers || data.length * 8 !== numbers.bits * elements(shape)) return undefined
  const read = (): Float64Array => Float64Array.from(numbers.decode(data.slice().buffer))
  return { name, shape, isFloat: false, read }
}

/** How floats are stored, by their type. */
const FLOATS = new Map<number, StoredNumbers>([
  [TENSOR_TYPE.float32, { bits: 32, decode: (buffer) => new Float32Array(buffer) }],
  [TENSOR_TYPE.float16, { bits: 16, decode: (buffer) => fromHalf(new Uint16Array(buffer)) }],
])

/** How integers that are not quantized are stored, by their type. */
const INTEGERS = new Map<number, StoredNumbers>([
  [TENSOR_TYPE.bool, { bits: 8, decode: (buffer) => new Uint8Array(buffer) }],
  [TENSOR_TYPE.int32, { bits: 32, decode: (buffer) => new Int32Array(buffer) }],
  [
    TENSOR_TYPE.int64,
    { bits: 64, decode: (buffer) => Float64Array.from(new BigInt64Array(buffer), Number) },
  ],
])
