import { sameShape } from '@leti/network'
import { floatsOf, scalarConstant, type Constant } from '../../importer/constant.js'
import { multiplied } from '../../importer/matrices.js'
import type { Operation, Result } from '../../importer/operation.js'
import { transposed } from '../../weights/transposed.js'
import type { Call, NodeResult, Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'

export const PRODUCTS: Readers = [
  ['Gemm', gemm],
  ['MatMul', matMul],
]

/** `alpha * A * B + beta * C`, where B is a constant. */
function gemm(call: Call): NodeResult {
  const weights = call.constant(1)
  const input = call.input(0).plain(call.op)
  if (weights?.shape.length !== 2 || !input || call.int('transA')) return undefined
  const isTransposed = call.int('transB') !== 0
  const product = call.op.dense(input, isTransposed ? transposedMatrix(weights) : weights)
  const scaled = times(call.op, product, call.float('alpha', 1))
  if (!call.has(2) || !scaled) return scaled && new OrderedTensor(scaled)
  const bias = call.input(2).value
  const summand = times(call.op.named('bias'), bias, call.float('beta', 1))
  const sum = summand && call.op.binary('add', scaled, summand)
  return sum && new OrderedTensor(sum)
}

function times(op: Operation, value: Result, factor: number): Result {
  if (!value || factor === 1) return value
  return op.binary('mul', value, scalarConstant(factor))
}

/** A product with a constant matrix is a dense layer on the last axis. */
export function matMul(call: Call): NodeResult {
  const weights = call.constant(1)
  const input = call.input(0)
  const rank = input.order.length
  if (weights?.shape.length !== 2) return productOfTwo(call)
  const isLast = input.order[rank - 1] === rank - 1
  const value = isLast ? input.value : input.plain(call.op)
  const result = value && call.op.dense(value, weights)
  return result && new OrderedTensor(result, isLast ? input.order : undefined)
}

/** If the file transposes B before, the product reads the original with `transposeB`. */
function productOfTwo(call: Call): NodeResult {
  const [a, b] = [call.input(0).plain(call.op), call.input(1)]
  const axes = b.order.map((_, axis) => axis)
  const swapped = [...axes.slice(0, -2), ...axes.slice(-2).reverse()]
  const isTransposed = sameShape(b.order, swapped)
  const right = isTransposed ? b.value : b.plain(call.op)
  const result = a && right && multiplied(call.op, a, right, [false, isTransposed])
  return result && new OrderedTensor(result)
}

function transposedMatrix(weights: Constant): Constant {
  const [rows, columns] = weights.shape
  return {
    ...weights,
    shape: [columns, rows],
    read: () => transposed(floatsOf(weights), rows, columns),
  }
}
