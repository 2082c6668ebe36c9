import { sameShape } from '@leti/network'
import { floatsOf, scalarConstant, type Constant } from '../../importer/constant.js'
import { einsum } from '../../importer/einsum.js'
import { multiplied, turned } from '../../importer/matrices.js'
import type { Operation, Result } from '../../importer/operation.js'
import { isConstant, type Value } from '../../importer/value.js'
import { transposed } from '../../weights/transposed.js'
import type { Call, NodeResult, Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'

export const PRODUCTS: Readers = [
  ['Gemm', gemm],
  ['MatMul', matMul],
  ['Einsum', equation],
  ['com.microsoft.FusedMatMul', fusedMatMul],
]

function equation(call: Call): NodeResult {
  const inputs = call.inputs.map((input, index) => input?.plain(call.op.named(`input${index}`)))
  if (!inputs.every((input) => input !== undefined)) return undefined
  const result = einsum(call.op, call.text('equation'), inputs)
  return result && new OrderedTensor(result)
}

/** `alpha * A * B`, where both may be transposed. */
function fusedMatMul(call: Call): NodeResult {
  const { op } = call
  if (call.int('transBatchA') || call.int('transBatchB')) return undefined
  const [a, b] = [call.input(0).plain(op), call.input(1).plain(op)]
  const isTransposed = [call.int('transA') !== 0, call.int('transB') !== 0] as const
  const product = a && b && multiplied(op.named('product'), a, b, isTransposed)
  const scaled = times(op, product, call.float('alpha', 1))
  return scaled && new OrderedTensor(scaled)
}

/** `alpha * A * B + beta * C`. */
export function gemm(call: Call): NodeResult {
  const left = call.input(0).plain(call.op)
  const input = left && call.int('transA') ? turned(call.op.named('turned'), left) : left
  const weights = call.input(1).plain(call.op)
  if (!input || weights?.shape.length !== 2) return undefined
  const product = factored(call.op.named('product'), input, weights, call.int('transB') !== 0)
  const scaled = times(call.op, product, call.float('alpha', 1))
  if (!call.has(2) || !scaled) return scaled && new OrderedTensor(scaled)
  const bias = call.input(2).value
  const summand = times(call.op.named('bias'), bias, call.float('beta', 1))
  const sum = summand && call.op.binary('add', scaled, summand)
  return sum && new OrderedTensor(sum)
}

function factored(op: Operation, input: Value, matrix: Value, isTransposed: boolean): Result {
  if (!isConstant(matrix)) return multiplied(op, input, matrix, [false, isTransposed])
  return op.dense(input, isTransposed ? transposedMatrix(matrix) : matrix)
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
  if (rank === 1 || call.input(1).order.length === 1) return vectorProduct(call)
  if (weights?.shape.length !== 2) return productOfTwo(call)
  const isLast = input.order[rank - 1] === rank - 1
  const value = isLast ? input.value : input.plain(call.op)
  const result = value && call.op.dense(value, weights)
  return result && new OrderedTensor(result, isLast ? input.order : undefined)
}

/** A vector is a row on the left, and a column on the right; its axis is not one of the result. */
function vectorProduct(call: Call): NodeResult {
  const { op } = call
  const [a, b] = [call.input(0).plain(op), call.input(1).plain(op)]
  if (!a || !b) return undefined
  const [isRow, isColumn] = [a.shape.length === 1, b.shape.length === 1]
  const left = isRow ? op.named('row').reshape(a, [1, ...a.shape]) : a
  const right = isColumn ? op.named('column').reshape(b, [...b.shape, 1]) : b
  const product = left && right && multiplied(op.named('product'), left, right)
  const columns = isColumn ? product?.shape.slice(0, -1) : product?.shape
  const shape = isRow ? columns?.toSpliced(isColumn ? -1 : -2, 1) : columns
  const result = product && shape && op.reshape(product, shape)
  return result && new OrderedTensor(result)
}

/** A constant matrix times a tensor: a dense layer on the tensor with its last two axes swapped. */
function constantLeft(call: Call, weights: Constant): NodeResult {
  const right = call.input(1).plain(call.op)
  const swapped = right && turned(call.op.named('turned'), right)
  const product = swapped && call.op.named('product').dense(swapped, transposedMatrix(weights))
  const result = product && turned(call.op, product)
  return result && new OrderedTensor(result)
}

/** If the file transposes B before, the product reads the original with `transposeB`. */
function productOfTwo(call: Call): NodeResult {
  const left = call.constant(0)
  if (left?.shape.length === 2 && call.input(1).order.length > 1 && !call.constant(1)) {
    return constantLeft(call, left)
  }
  const [a, b] = [call.input(0).plain(call.op), call.input(1)]
  const axes = b.order.map((_, axis) => axis)
  const swapped = [...axes.slice(0, -2), ...axes.slice(-2).reverse()]
  const isTransposed = sameShape(b.order, swapped)
  const right = isTransposed ? b.value : b.plain(call.op)
  const result = a && right && multiplied(call.op, a, right, [false, isTransposed])
  return result && new OrderedTensor(result)
}

/** Each matrix is transposed once: products of one matrix share it. */
const TRANSPOSED = new WeakMap<Constant, Constant>()

export function transposedMatrix(weights: Constant): Constant {
  const known = TRANSPOSED.get(weights)
  if (known) return known
  const [rows, columns] = weights.shape
  const read = (): Float32Array => transposed(floatsOf(weights), rows, columns)
  const matrix = { ...weights, shape: [columns, rows], read }
  TRANSPOSED.set(weights, matrix)
  return matrix
}
