import { isConstant } from '../../importer/value.js'
import { reciprocal as inverse } from '../../importer/composed.js'
import { scalarConstant } from '../../importer/constant.js'
import { extremum } from '../../importer/extremum.js'
import type { ArithmeticType, ExtremumType, Result } from '../../importer/operation.js'
import { readersByName, type OperatorNames } from '../../importer/operator-table.js'
import type { Call, NodeReader, NodeResult, Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'

// Arithmetic on the elements of one or several tensors.

/** ONNX's operators for LETI's arithmetic on two tensors. */
const BINARY: OperatorNames<ArithmeticType> = { add: 'Add', sub: 'Sub', mul: 'Mul', div: 'Div' }

export const ARITHMETIC: Readers = [
  ...readersByName(BINARY, arithmetic),
  ['LeakyRelu', leakyRelu],
  ['PRelu', prelu],
  ['Clip', clip],
  ['Max', maximum],
  ['Min', minimum],
  ['HardSigmoid', hardSigmoid],
  ['Sum', sum],
  ['Pow', power],
  ['Reciprocal', reciprocal],
]

export function arithmetic(type: ArithmeticType): NodeReader {
  return (call) => binary(call, type)
}

function binary(call: Call, type: ArithmeticType): NodeResult {
  const aligned = call.aligned()
  if (aligned?.values.length !== 2) return undefined
  const [a, b] = aligned.values
  // Division of integers truncates.
  if (type === 'div' && isConstant(a) && isConstant(b) && !a.isFloat) {
    const quotient = call.op.folding.paired(a, b, (left, right) => Math.trunc(left / right))
    return quotient && new OrderedTensor(quotient)
  }
  const value = call.op.binary(type, a, b)
  return value && new OrderedTensor(value, isConstant(value) ? undefined : aligned.order)
}

function sum(call: Call): NodeResult {
  const aligned = call.aligned()
  const value = aligned && call.op.sum(aligned.values)
  return value && new OrderedTensor(value, aligned.order)
}

function prelu(call: Call): NodeResult {
  const aligned = call.aligned()
  if (aligned?.values.length !== 2) return undefined
  const value = call.op.prelu(aligned.values[0], aligned.values[1])
  return value && new OrderedTensor(value, aligned.order)
}

export function leakyRelu(call: Call): NodeResult {
  return call.like(call.op.leakyRelu(call.input(0).value, call.float('alpha', 0.01)))
}

function reciprocal(call: Call): NodeResult {
  return call.like(inverse(call.op, call.input(0).value))
}

function power(call: Call): NodeResult {
  const exponent = call.scalar(1, NaN)
  if (exponent === undefined) return undefined
  return call.like(call.op.power(call.input(0).value, exponent))
}

/** The bounds are attributes before version 11 of the operator set, and inputs since. */
function clip(call: Call): NodeResult {
  const low = call.attribute('min') ? call.float('min') : call.scalar(1, -Infinity)
  const high = call.attribute('max') ? call.float('max') : call.scalar(2, Infinity)
  if (low === undefined || high === undefined) return undefined
  return call.like(call.op.limited(call.input(0).value, low, high))
}

function maximum(call: Call): NodeResult {
  return extremumOf(call, 'maximum')
}

function minimum(call: Call): NodeResult {
  return extremumOf(call, 'minimum')
}

/** The minimum or maximum of any number of tensors. */
function extremumOf(call: Call, type: ExtremumType): NodeResult {
  const aligned = call.aligned()
  const [first, ...others] = aligned?.values ?? []
  if (!first) return undefined
  const value = others.reduce<Result>((found, other, index) => {
    const op = index === others.length - 1 ? call.op : call.op.named(`of${index + 2}`)
    return found && extremum(op, type, found, other)
  }, first)
  return value && new OrderedTensor(value, isConstant(value) ? undefined : aligned?.order)
}

/** `alpha * x + beta` clamped to [0, 1], as a sixth of a ReLU6 of six times that. */
function hardSigmoid(call: Call): NodeResult {
  const { op } = call
  const factor = Math.fround(6 * call.float('alpha', 0.2))
  const summand = Math.fround(6 * call.float('beta', 0.5))
  const { value } = call.input(0)
  const isOne = Math.abs(factor - 1) < 1e-6
  const scaled = isOne ? value : op.named('factor').binary('mul', value, scalarConstant(factor))
  const shifted = scaled && op.named('shifted').binary('add', scaled, scalarConstant(summand))
  const gate = shifted && op.named('gate').elementwise('relu6', shifted)
  return call.like(gate && op.binary('mul', gate, scalarConstant(1 / 6)))
}
