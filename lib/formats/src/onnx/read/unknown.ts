import { broadcast } from '@leti/network'
import { isConstant, type Value } from '../../importer/value.js'
import { unknownShape } from '../../importer/errors.js'
import { matrixProduct, reduction } from '../../importer/unknown-shapes.js'
import type { Call } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'
import type { ValueInfo } from './parse.js'

/** Operators on each element of one input: their output keeps its shape, in any axis order. */
const UNARY = new Set(
  `Abs Acos Asin Atan Ceil Celu Cos Cosh Erf Exp Floor Gelu HardSigmoid Log Mish Neg Not Reciprocal
  Round Selu Sign Sin Sinh Softplus Softsign Sqrt Tan ThresholdedRelu Elu Clip Relu Sigmoid Tanh
  HardSwish LeakyRelu Cast`.split(/\s+/),
)

/** Operators whose output has the shape of the first input. */
const SAME = new Set(
  `LayerNormalization InstanceNormalization GroupNormalization BatchNormalization LRN LogSoftmax
  Softmax Hardmax CumSum LpNormalization`.split(/\s+/),
)
/** Operators whose output has the shape to which the inputs are broadcast. */
const BROADCAST = new Set(
  `Add Sub Mul Div Max Min Mean Sum Mod Pow PRelu And Or Xor Equal Greater GreaterOrEqual Less
  LessOrEqual Where`.split(/\s+/),
)

/**
 * Keeps an operator that LETI does not know by its name: one tensor per output.
 *
 * @param infos shapes that the file states
 * @throws {LetiError} `unsupported` if the shape of an output is unknown
 */
export function unknownNode(
  call: Call,
  infos: ReadonlyMap<string, ValueInfo>,
): readonly OrderedTensor[] {
  const { node, op } = call
  const outputs = node.outputs.filter((name) => name !== '')
  const [first] = call.inputs
  if (UNARY.has(node.op) && first && !isConstant(first.value)) {
    const names = outputs.slice(0, 1)
    const [value] = op.assembly.unknown(names, node.op, [first.value], [first.value.shape])
    return [new OrderedTensor(value, first.order)]
  }
  const shapes = outputs.map((name, index) => shapeOf(call, infos.get(name), index))
  const inputs: Value[] = []
  for (const input of call.inputs) {
    const value = input?.plain(op)
    if (value) inputs.push(value)
  }
  return op.assembly
    .unknown(outputs, node.op, inputs, shapes)
    .map((value) => new OrderedTensor(value))
}

function shapeOf(call: Call, info: ValueInfo | undefined, output: number): readonly number[] {
  const said = info?.shape?.map((size, axis) => (axis === 0 && size === -1 ? 1 : size))
  if (said && !said.includes(-1)) return said
  const inferred = output === 0 ? inferredShape(call) : undefined
  if (inferred) return inferred
  throw unknownShape(call.node.op)
}

function inferredShape(call: Call): readonly number[] | undefined {
  const { op } = call.node
  const shapes = call.inputs.filter((input) => input !== undefined).map(({ shape }) => shape)
  const [first, second] = shapes
  if (!first) return undefined
  if (SAME.has(op)) return first
  if (BROADCAST.has(op)) return broadcast(shapes)
  if (op === 'MatMul' && second) return matrixProduct(first, second)
  if (op === 'GlobalMaxPool') return first.map((size, axis) => (axis < 2 ? size : 1))
  const keepDims = call.int('keepdims', 1) !== 0
  if (op === 'ArgMax' || op === 'ArgMin') return reduction(first, [call.int('axis')], keepDims)
  if (op.startsWith('Reduce')) return reduction(first, call.intsOrInput('axes', 1), keepDims)
  return undefined
}
