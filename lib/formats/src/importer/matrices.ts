import { elements, sameShape, type Shape } from '@leti/network'
import { constantOf, type Constant } from './constant.js'
import { isConstant, type Value } from './value.js'
import type { Operation, Result } from './operation.js'
import { broadcastTo } from './repeated.js'
import { matrixProduct } from './unknown-shapes.js'

/** A product of matrices, which are the last two axes. With a constant matrix it is a dense layer. */
export function multiplied(
  op: Operation,
  a: Value,
  b: Value,
  isTransposed: readonly [boolean, boolean] = [false, false],
): Result {
  const [isLeft, isRight] = isTransposed
  const left = isLeft ? turned(op.named('turned'), a) : a
  if (!left) return undefined
  if (isConstant(left) && isConstant(b)) return constantProduct(left, b, isRight)
  if (isConstant(b) && b.shape.length === 2) {
    const matrix = isRight ? op.folding.transposed(b, [1, 0]) : b
    return matrix && op.dense(left, matrix)
  }
  const shape = matrixProduct(left.shape, b.shape, [false, isRight])
  const isFloat = [left, b].every((value) => !isConstant(value) || value.isFloat)
  if (!shape || !isFloat) return undefined
  if (!sameShape(left.shape.slice(0, -2), b.shape.slice(0, -2))) {
    return broadcastProduct(op, left, b, isRight, shape)
  }
  return equalProduct(op, left, b, isRight, shape)
}

/** The leading axis of a single matrix is no batch, even if it has one row. */
function equalProduct(op: Operation, a: Value, b: Value, isRight: boolean, shape: Shape): Result {
  const hasRow = shape.length === 2 && [a, b].some((value) => value.shape[0] === 1)
  const whole = (value: Value, name: string): Value =>
    hasRow ? op.assembly.whole(op.named(name).name, value) : value
  const factors = [whole(a, 'left'), whole(b, 'right')]
  return op.assembly.add(op.name, { type: 'matmul', transposeB: isRight }, factors, shape)
}

/** A product of two tensors with other matrices each: one matrix, or some, meet several of the other. */
function broadcastProduct(
  op: Operation,
  left: Value,
  b: Value,
  isRight: boolean,
  shape: Shape,
): Result {
  if (matricesOf(b) === 1) return withOneMatrix(op, left, b, isRight, shape)
  if (matricesOf(left) === 1) {
    const right = isRight ? b : turned(op.named('right'), b)
    const one = op.named('left').reshape(left, left.shape.slice(-2))
    const product = right && one && multiplied(op.named('product'), right, one, [false, true])
    const result = product && turned(op.named('result'), product)
    return result && op.reshape(result, shape)
  }
  const batch = shape.slice(0, -2)
  const [first, second] = [left, b].map((value, index) =>
    broadcastTo(op.named(index === 0 ? 'left' : 'right'), value, [
      ...batch,
      ...value.shape.slice(-2),
    ]),
  )
  return first && second && equalProduct(op, first, second, isRight, shape)
}

function matricesOf({ shape }: Value): number {
  return elements(shape.slice(0, -2))
}

/** Limit on the terms of a product that is computed now: graphs compute indices so. */
const MAX_TERMS = 2 ** 16

function constantProduct(a: Constant, b: Constant, isRight: boolean): Result {
  const shape = matrixProduct(a.shape, b.shape, [false, isRight])
  const inner = a.shape.at(-1) ?? 0
  if (shape?.length !== 2 || elements(shape) * inner > MAX_TERMS) return undefined
  const [columns, left, right] = [shape[1], a.read(), b.read()]
  const place = (row: number, column: number): number =>
    isRight ? column * inner + row : row * columns + column
  const values = Array.from({ length: elements(shape) }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    let sum = 0
    for (let i = 0; i < inner; i++) sum += left[row * inner + i] * right[place(i, column)]
    return sum
  })
  return constantOf(values, shape, a.isFloat)
}

/** A product whose second factor is one matrix: all matrices of the first are its rows. */
function withOneMatrix(
  op: Operation,
  left: Value,
  b: Value,
  isRight: boolean,
  shape: Shape,
): Result {
  const inner = left.shape.at(-1) ?? 0
  const rows = op.named('rows').reshape(left, [elements(left.shape) / Math.max(inner, 1), inner])
  const matrix = op.named('matrix').reshape(b, b.shape.slice(-2))
  const product = rows && matrix && multiplied(op.named('product'), rows, matrix, [false, isRight])
  return product && op.reshape(product, shape)
}

/** Swaps the last two axes. */
export function turned(op: Operation, value: Value): Result {
  const axes = value.shape.map((_, axis) => axis)
  return op.transpose(value, [...axes.slice(0, -2), ...axes.slice(-2).reverse()])
}
