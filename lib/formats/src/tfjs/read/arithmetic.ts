import {
  exponentialMinusOne,
  flooredQuotient,
  logarithmOfOnePlus,
  reciprocal,
} from '../../importer/composed.js'
import { extremum } from '../../importer/extremum.js'
import type { ArithmeticType } from '../../importer/operation.js'
import { readersByName, type OperatorNames } from '../../importer/operator-table.js'
import type { Call, NodeResult, Readers } from './call.js'

// Arithmetic on the elements of one or several tensors.

/** TensorFlow's operators for LETI's arithmetic on two tensors. */
const BINARY: OperatorNames<ArithmeticType> = {
  add: ['Add', 'AddV2'],
  sub: 'Sub',
  mul: 'Mul',
  div: ['RealDiv', 'Div'],
}

export const ARITHMETIC: Readers = [
  ...readersByName(
    BINARY,
    (type) => (call: Call) => call.op.binary(type, call.input(0), call.input(1)),
  ),
  ['DivNoNan', safeQuotient],
  ['LeakyRelu', leakyRelu],
  ['Reciprocal', ({ op, inputs: [input] }) => reciprocal(op, input)],
  ['Inv', ({ op, inputs: [input] }) => reciprocal(op, input)],
  ['Expm1', ({ op, inputs: [input] }) => exponentialMinusOne(op, input)],
  ['Log1p', ({ op, inputs: [input] }) => logarithmOfOnePlus(op, input)],
  ['FloorDiv', ({ op, inputs: [a, b] }) => flooredQuotient(op, a, b)],
  ['Prelu', prelu],
  ['ClipByValue', clipByValue],
  ['Maximum', maximum],
  ['Minimum', minimum],
  ['AddN', sum],
  ['BiasAdd', biasAdd],
  ['Pow', power],
  ['Square', square],
  ['SquaredDifference', squaredDifference],
]

function sum(call: Call): NodeResult {
  return call.op.sum(call.inputs)
}

/** A division whose result is 0 where the divisor is 0; known for a constant divisor only. */
function safeQuotient(call: Call): NodeResult {
  const divisor = call.constant(1)
  const inverse = divisor && call.op.folding.mapped(divisor, (of) => (of === 0 ? 0 : 1 / of), true)
  return inverse && call.op.binary('mul', call.input(0), inverse)
}

/** `BiasAdd`: adds a bias per channel. */
function biasAdd(call: Call): NodeResult {
  if (!call.node.isChannelsLast()) return undefined
  return call.op.binary('add', call.input(0), call.input(1))
}

function prelu(call: Call): NodeResult {
  return call.op.prelu(call.input(0), call.input(1))
}

function leakyRelu(call: Call): NodeResult {
  return call.op.leakyRelu(call.input(0), call.node.number('alpha', 0.2))
}

function square(call: Call): NodeResult {
  return call.op.power(call.input(0), 2)
}

function power(call: Call): NodeResult {
  const exponent = call.scalar(1)
  return exponent === undefined ? undefined : call.op.power(call.input(0), exponent)
}

function squaredDifference(call: Call): NodeResult {
  const difference = call.op.named('difference').binary('sub', call.input(0), call.input(1))
  return difference && call.op.power(difference, 2)
}

function clipByValue(call: Call): NodeResult {
  const [low, high] = [call.scalar(1), call.scalar(2)]
  if (low === undefined || high === undefined) return undefined
  return call.op.limited(call.input(0), low, high)
}

function maximum(call: Call): NodeResult {
  return extremum(call.op, 'maximum', call.input(0), call.input(1))
}

function minimum(call: Call): NodeResult {
  return extremum(call.op, 'minimum', call.input(0), call.input(1))
}
