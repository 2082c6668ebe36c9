import { isConstant } from '../../importer/value.js'
import { constantOf, type Constant } from '../../importer/constant.js'
import { productOf, rangeOf } from '../../importer/computed-constants.js'
import { tiled } from '../../importer/repeated.js'
import { axisOf } from '../../importer/shapes.js'
import { TENSOR_TYPE } from '../schema.js'
import type { Call, OperatorResult, Readers } from './call.js'
import { damaged } from './flatbuffer.js'
import { sameShape } from '@leti/network'

// Operators that compute constants, mostly to compute with shapes, and those that change how numbers
// are stored.

export const CONSTANTS = {
  REDUCE_PROD: product,
  DENSIFY: densify,
  DEQUANTIZE: sameNumbers,
  QUANTIZE: sameNumbers,
  CAST: cast,
  SHAPE: shapeOf,
  RANK: rankOf,
  GATHER: gather,
  FILL: fill,
  BROADCAST_TO: broadcastTo,
  TILE: tile,
  RANGE: range,
} as const satisfies Readers

/** Returns the input: it holds real numbers already, whether it is a constant or computed. */
function sameNumbers(call: Call): OperatorResult {
  const { op, outputShape } = call
  const input = call.input(0)
  if (outputShape && !sameShape(input.shape, outputShape)) {
    throw damaged(`${call.node.name} changes a shape`)
  }
  if (!isConstant(input)) return input
  return input.isFloat ? op.folding.named(input, call.output().name) : undefined
}

/** Returns the input: sparse constants are read as dense tensors already. */
function densify(call: Call): OperatorResult {
  return call.constant(0) && sameNumbers(call)
}

const FLOAT_TYPES: readonly number[] = [TENSOR_TYPE.float32, TENSOR_TYPE.float16]
const INTEGER_TYPES: readonly number[] = [TENSOR_TYPE.int32, TENSOR_TYPE.int64]

function cast(call: Call): OperatorResult {
  const input = call.input(0)
  const { type } = call.output()
  const isFloat = FLOAT_TYPES.includes(type)
  if (!isConstant(input)) return isFloat ? sameNumbers(call) : undefined
  if (!isFloat && !INTEGER_TYPES.includes(type)) return undefined
  return call.op.folding.mapped(input, isFloat ? (value) => value : Math.trunc, isFloat)
}

function shapeOf({ input }: Call): OperatorResult {
  return constantOf(input(0).shape)
}

function rankOf({ input }: Call): OperatorResult {
  return constantOf([input(0).shape.length], [])
}

function gather(call: Call): OperatorResult {
  const [constant, indices, numbers] = [call.constant(0), call.constant(1), call.numbers(1)]
  const axis = axisOf(call.options.axis, constant?.shape.length ?? 0)
  if (!constant || !indices || !numbers || axis === undefined || call.options.batch_dims !== 0) {
    return undefined
  }
  return call.op.folding.gathered(constant, axis, numbers, indices.shape)
}

function fill(call: Call): OperatorResult {
  return expanded(call, call.constant(1), call.numbers(0))
}

function broadcastTo(call: Call): OperatorResult {
  return expanded(call, call.constant(0), call.numbers(1))
}

function expanded(
  { op }: Call,
  constant: Constant | undefined,
  shape: number[] | undefined,
): OperatorResult {
  return constant && shape && op.folding.expanded(constant, shape)
}

function tile(call: Call): OperatorResult {
  const repeats = call.numbers(1)
  return repeats && tiled(call.op, call.input(0), repeats)
}

function range(call: Call): OperatorResult {
  return rangeOf(call.constant(0), call.constant(1), call.constant(2))
}

function product(call: Call): OperatorResult {
  return productOf(call.constant(0), call.options.keep_dims !== 0)
}
