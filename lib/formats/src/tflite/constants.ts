import { elements, type Shape } from '@leti/network'
import { LetiError } from '@leti/records'
import { fromHalf } from '../weights/half.js'
import { damaged } from './flatbuffer.js'
import type { ParsedTensor } from './parse.js'
import { TENSOR_TYPE } from './schema.js'
import { densified } from './sparsity.js'

/** A constant of floats: its numbers are made anew by each call. */
export interface FloatConstant {
  readonly shape: Shape
  readonly read: () => Float32Array
}

/**
 * The floats of a constant tensor, or undefined where it is none.
 *
 * @throws {LetiError} `bad-model` where it holds another count of numbers than its shape says
 */
export function floatConstant(tensor: ParsedTensor): FloatConstant | undefined {
  const { data, type, shape, name, sparsity } = tensor
  if (!data || (type !== TENSOR_TYPE.float32 && type !== TENSOR_TYPE.float16)) return undefined
  const width = type === TENSOR_TYPE.float32 ? 4 : 2
  if (data.length % width !== 0 || (!sparsity && data.length !== width * elements(shape))) {
    throw damaged(`${name} holds ${data.length} bytes for the shape ${shape.join('x')}`)
  }
  const stored = (): Float32Array => {
    // A copy lies at a multiple of the numbers' size.
    const { buffer } = data.slice()
    return width === 4 ? new Float32Array(buffer) : fromHalf(new Uint16Array(buffer))
  }
  return { shape, read: sparsity ? densified(stored, shape, sparsity) : stored }
}

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

/** Types of whole numbers below 32 bits: those of quantised models. */
const QUANTISED_TYPES = new Set([3, 7, 9, 17])

/** @throws {LetiError} `unsupported` where the tensor is quantised */
export function refuseQuantised({ type, isQuantised, name }: ParsedTensor): void {
  if (!isQuantised || !QUANTISED_TYPES.has(type)) return
  throw new LetiError('unsupported', `${name} is quantised: only float models can be read`)
}
