import { broadcast, type Shape } from '@leti/network'
import { isConstant, type Value } from '../../importer/value.js'
import { isTraffic } from '../../importer/traffic.js'
import { matrixProduct, reduction } from '../../importer/unknown-shapes.js'
import type { Call } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'
import { UntoldShape } from './untold-shape.js'

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

/** What else is known about the outputs of a node. */
export interface Outputs {
  /** The shape that the file or its runtime tells. */
  readonly shapeOf: (name: string) => Shape | undefined
  /** Whether anything reads the tensor. */
  readonly isRead: (name: string) => boolean
}

/**
 * Keeps an operator that LETI does not know by its name: one tensor per output. That of an output that
 * nothing reads is any of the others.
 *
 * @throws {UntoldShape} if the shape of an output is unknown
 */
export function unknownNode(call: Call, known: Outputs): readonly OrderedTensor[] {
  const { node, op } = call
  const [first] = call.inputs
  if (UNARY.has(node.op) && first && !isConstant(first.value)) {
    const [value] = op.assembly.unknown([op.name], node.op, [first.value], [first.value.shape])
    return [new OrderedTensor(value, first.order)]
  }
  const read = node.outputs.filter((name) => name !== '' && known.isRead(name))
  const shapes = read.map((name) => outputShape(call, known, name))
  const inputs: Value[] = []
  for (const input of call.inputs) {
    const value = input?.plain(op)
    if (value) inputs.push(value)
  }
  const type = isTraffic(node.op) ? 'traffic' : 'unknown'
  const values = op.assembly.unknown(read, formOf(call, read), inputs, shapes, type)
  return node.outputs.map((name) => new OrderedTensor(values[Math.max(read.indexOf(name), 0)]))
}

/** The operator's name, and what LETI lacks of it where it has the operator. */
function formOf(call: Call, read: readonly string[]): string {
  const { node } = call
  if (WEIGHTED.test(node.op)) return weightedForm(call)
  if (node.op !== 'MaxPool') return node.op
  if (read.includes(node.outputs[1] ?? '')) return 'MaxPool with indices'
  return call.ints('dilations')?.some((of) => of > 1) ? 'MaxPool with dilations' : 'MaxPool'
}

const WEIGHTED = /^(Conv|ConvTranspose|LSTM|GRU|RNN)$/

function weightedForm(call: Call): string {
  const { op } = call.node
  return isConstant(call.inputs[1]?.value) ? op : `${op} with computed weights`
}

function outputShape(call: Call, known: Outputs, name: string): Shape {
  const inferred = call.node.outputs[0] === name ? inferredShape(call) : undefined
  const shape = known.shapeOf(name) ?? inferred
  if (shape) return shape
  throw new UntoldShape(call.node.op)
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
  const axes = call.intsOrInput('axes', 1)
  const isComputed = call.has(1) && !axes
  if (op.startsWith('Reduce') && !isComputed) return reduction(first, axes, keepDims)
  return undefined
}
