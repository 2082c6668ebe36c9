import type { ElementwiseType } from '@leti/network'
import { isConstant, type Value } from '../../importer/value.js'
import { flooredQuotient, lengthNormalized, logSoftmax } from '../../importer/composed.js'
import { extremum } from '../../importer/extremum.js'
import type { ArithmeticType } from '../../importer/operation.js'
import { readersByName } from '../../importer/operator-table.js'
import { FUNCTIONS, type FunctionName } from '../elementwise.js'
import type { BuiltinName } from '../schema.js'
import type { Call, OperatorReader, OperatorResult, Readers } from './call.js'

// Operators on single elements, or on pairs of elements of two tensors that are broadcast.

/** TFLite's operators for LETI's arithmetic on two tensors. */
const BINARY = {
  add: 'ADD',
  sub: 'SUB',
  mul: 'MUL',
  div: 'DIV',
} as const satisfies Record<ArithmeticType, BuiltinName>

/** The operators that these two tables read. */
export type ByTable = FunctionName | (typeof BINARY)[ArithmeticType]

/** Readers of the operators that compute a function of one element, or of two. */
export const ELEMENTWISE: readonly (readonly [string, OperatorReader])[] = [
  ...readersByName<ElementwiseType, OperatorReader>(FUNCTIONS, elementwise),
  ...readersByName<ArithmeticType, OperatorReader>(BINARY, binary),
]

/** Readers of the operators that these tables lack. */
export const OTHERS = {
  LEAKY_RELU: leakyRelu,
  PRELU: prelu,
  SOFTMAX: softmax,
  SQUARE: ({ op, input }) => op.power(input(0), 2),
  POW: power,
  FLOOR_DIV: floorDiv,
  ADD_N: (call) => call.op.sum(call.all()),
  LOG_SOFTMAX: ({ op, computed }) => logSoftmax(op, computed(0), -1),
  L2_NORMALIZATION: ({ op, computed }) => lengthNormalized(op, computed(0), -1, 1e-12),
  RELU_0_TO_1: ({ op, input }) => op.limited(input(0), 0, 1),
  MINIMUM: limit('minimum'),
  MAXIMUM: limit('maximum'),
  SQUARED_DIFFERENCE: squaredDifference,
} as const satisfies Readers

const ROUNDING: ReadonlySet<ElementwiseType> = new Set(['floor', 'ceil', 'round'])

function elementwise(type: ElementwiseType): OperatorReader {
  return ({ op, options, input, computed }) => {
    // Only GELU has options: its approximation is another function.
    if (options.approximate) return undefined
    const value = input(0)
    // A runtime computes the function of float constants too. Integers are arguments of other operators,
    // and converters round floats for them.
    const isArgument = isConstant(value) && (!value.isFloat || ROUNDING.has(type))
    return op.elementwise(type, isArgument ? value : computed(0))
  }
}

function binary(type: ArithmeticType): OperatorReader {
  return (call) => {
    const [a, b] = call.pair() ?? []
    if (!a || !b) return undefined
    const isWhole = isConstant(a) && isConstant(b) && !a.isFloat
    return isWhole && type === 'div' ? quotient(call, Math.trunc) : call.op.binary(type, a, b)
  }
}

function floorDiv(call: Call): OperatorResult {
  const [a, b] = call.pair() ?? []
  return quotient(call, Math.floor) ?? (a && b && flooredQuotient(call.op, a, b))
}

/** @param round rounds a quotient of integers */
function quotient(call: Call, round: (value: number) => number): OperatorResult {
  const [a, b] = [call.constant(0), call.constant(1)]
  return a && b && call.op.folding.paired(a, b, (left, right) => round(left / right))
}

function limit(type: 'minimum' | 'maximum'): OperatorReader {
  return (call) => {
    const pair = call.pair()
    return pair && extremum(call.op, type, ...pair)
  }
}

function prelu(call: Call): OperatorResult {
  return call.pair() && call.op.prelu(call.computed(0), call.input(1))
}

function leakyRelu({ op, options, computed }: Call): OperatorResult {
  return op.leakyRelu(computed(0), options.alpha)
}

function softmax({ op, options, computed }: Call): OperatorResult {
  return options.beta === 1 ? op.softmax(computed(0), -1) : undefined
}

function power(call: Call): OperatorResult {
  const exponent = call.scalar(1)
  return exponent === undefined ? undefined : call.op.power(call.input(0), exponent)
}

function squaredDifference(call: Call): OperatorResult {
  const [a, b] = call.pair() ?? []
  const difference: Value | undefined = a && b && call.op.named('difference').binary('sub', a, b)
  return difference && call.op.power(difference, 2)
}
