import { isConstant, type Value } from './value.js'
import { scalarConstant } from './constant.js'
import type { Operation, Result } from './operation.js'
import { axisOf } from './shapes.js'

// Functions that formats have an operator for, but LETI has not: they are composed of others. A runtime
// that lacks the operator computes them so too.

export function reciprocal(op: Operation, input: Value): Result {
  if (isConstant(input)) return op.folding.mapped(input, (value) => 1 / value)
  return op.binary('div', scalarConstant(1), input)
}

/** `exp(x) - 1`. */
export function exponentialMinusOne(op: Operation, input: Value): Result {
  const power = op.named('exp').elementwise('exp', input)
  return power && op.binary('sub', power, scalarConstant(1))
}

/** `log(1 + x)`. */
export function logarithmOfOnePlus(op: Operation, input: Value): Result {
  const sum = op.named('sum').binary('add', input, scalarConstant(1))
  return sum && op.elementwise('log', sum)
}

export function logSoftmax(op: Operation, input: Value, axis: number): Result {
  const softmax = op.named('softmax').softmax(input, axis)
  return softmax && op.elementwise('log', softmax)
}

/** The GELU by a hyperbolic tangent: `x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x ** 3)))`. */
export function approximateGelu(op: Operation, x: Value): Result {
  const root = Math.sqrt(2 / Math.PI)
  const square = op.named('square').binary('mul', x, x)
  const curve = square && op.named('curve').binary('mul', square, scalarConstant(0.044715 * root))
  const slope = curve && op.named('slope').binary('add', curve, scalarConstant(root))
  const bent = slope && op.named('bent').binary('mul', x, slope)
  const tanh = bent && op.named('tanh').elementwise('tanh', bent)
  const half = tanh && op.named('half').binary('mul', tanh, scalarConstant(0.5))
  const gate = half && op.named('gate').binary('add', half, scalarConstant(0.5))
  return gate && op.binary('mul', x, gate)
}

/** The quotient of floats, rounded down. */
export function flooredQuotient(op: Operation, a: Value, b: Value): Result {
  const quotient = op.named('quotient').binary('div', a, b)
  return quotient && op.elementwise('floor', quotient)
}

/** Divides by the length of the vectors along an axis, which is at least the root of `epsilon`. */
export function lengthNormalized(
  op: Operation,
  input: Value,
  axis: number,
  epsilon: number,
): Result {
  const squares = op.named('squares').binary('mul', input, input)
  const sum = squares && op.named('sum').reduced('reduce_sum', squares, [axis], true)
  const bounded = sum && op.named('bounded').limited(sum, epsilon, Infinity)
  const inverse = bounded && op.named('inverse').inverseRoot(bounded)
  return inverse && op.binary('mul', input, inverse)
}

/** The elements in the opposite order along some axes. */
export function reversed(op: Operation, input: Value, axes: readonly number[]): Result {
  const { shape } = input
  const found = axes.map((axis) => axisOf(axis, shape.length))
  if (!found.every((axis) => axis !== undefined)) return undefined
  return op.slice(
    input,
    shape.map((size, axis) => (found.includes(axis) ? size - 1 : 0)),
    shape,
    shape.map((_, axis) => (found.includes(axis) ? -1 : 1)),
  )
}
