import { elements } from '@leti/network'
import type { Constant } from '../../importer/constant.js'
import type { Call, NodeResult, Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'

export const BLOCK_QUANTIZED: Readers = [['com.microsoft.MatMulNBits', matMulNBits]]

/** Places of inputs. */
const CODES = 1
const SCALES = 2
const ZEROS = 3
const BLOCKS = 4
const BIAS = 5

/**
 * A product with a matrix of codes of a few bits, which has a scale and a zero for each block of a column:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBits
 */
function matMulNBits(call: Call): NodeResult {
  const { op } = call
  const input = call.input(0).plain(op)
  const weights = matrixOf(call)
  const product = input && weights && op.named('product').dense(input, weights)
  if (!product || !call.has(BIAS)) return product && new OrderedTensor(product)
  const sum = op.binary('add', product, call.input(BIAS).value)
  return sum && new OrderedTensor(sum)
}

/** The real numbers, as a matrix of `[inputs, outputs]`; undefined if a tensor does not fit. */
function matrixOf(call: Call): Constant | undefined {
  const [bits, size, inputs, outputs] = ['bits', 'block_size', 'K', 'N'].map((name) =>
    call.int(name, name === 'bits' ? 4 : 0),
  )
  const [codes, scales, zeros, indices] = [CODES, SCALES, ZEROS, BLOCKS].map((index) =>
    call.constant(index),
  )
  if (![2, 4, 8].includes(bits) || ![size, inputs, outputs].every((of) => of > 0)) return undefined
  const blocks = Math.ceil(inputs / size)
  const rowBytes = blocks * Math.ceil((size * bits) / 8)
  const zeroBytes = Math.ceil((blocks * bits) / 8)
  const counts: [number, Constant | undefined, number][] = [
    [CODES, codes, outputs * rowBytes],
    [SCALES, scales, outputs * blocks],
    [ZEROS, zeros, outputs * (zeros?.isFloat ? blocks : zeroBytes)],
    [BLOCKS, indices, inputs],
  ]
  const fits = counts.every(([index, of, count]) =>
    of ? elements(of.shape) === count : !call.has(index),
  )
  if (!codes || !scales || !fits) return undefined
  const read = (): Float32Array => {
    const [bytes, factors, starts] = [codes.read(), scales.read(), zeros?.read()]
    const block =
      indices?.read() ?? Array.from({ length: inputs }, (_, at) => Math.floor(at / size))
    const code = (list: ArrayLike<number>, row: number, at: number): number =>
      (list[row + Math.floor((at * bits) / 8)] >> ((at * bits) % 8)) & (2 ** bits - 1)
    const zero = (row: number, at: number): number => {
      if (!starts) return 2 ** (bits - 1)
      return zeros?.isFloat ? starts[row * blocks + at] : code(starts, row * zeroBytes, at)
    }
    const result = new Float32Array(inputs * outputs)
    for (let row = 0; row < outputs; row++) {
      for (let at = 0; at < inputs; at++) {
        const own = block[at]
        const centered = code(bytes, row * rowBytes, at) - zero(row, own)
        result[at * outputs + row] = centered * factors[row * blocks + own]
      }
    }
    return result
  }
  return { shape: [inputs, outputs], isFloat: true, read }
}
