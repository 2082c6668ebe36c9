import type { ElementwiseType } from '@leti/network'
import { inferredShape } from '../../importer/assembly.js'
import { isConstant } from '../../importer/activation.js'
import { constantOf, type Constant } from '../../importer/constant.js'
import { isImage } from '../../importer/windows.js'
import {
  concat,
  constantOfShape,
  expand,
  flatten,
  gather,
  pad,
  range,
  reduceMean,
  reshape,
  shapeOf,
  slice,
  softmax,
  split,
  squeeze,
  transpose,
  unsqueeze,
} from './axes.js'
import { ATTRIBUTE, DATA_TYPE } from '../schema.js'
import type { Call, NodeReader, NodeResult } from './call.js'
import { channelsLast, Oriented } from './oriented.js'
import {
  dequantize,
  dynamicQuantize,
  integerConv,
  integerMatMul,
  quantisedConv,
  quantisedMatMul,
  sameNumbers,
} from './quantized.js'
import type { OnnxNode } from './parse.js'
import { resize } from './resize.js'
import {
  batchNorm,
  conv,
  convTranspose,
  gemm,
  globalAveragePool,
  instanceNorm,
  layerNorm,
  matMul,
  pooling,
} from './weighted.js'

/** By the names of ONNX's operators. */
export const READERS: ReadonlyMap<string, NodeReader> = new Map<string, NodeReader>([
  ['Conv', conv],
  ['ConvTranspose', convTranspose],
  ['Gemm', gemm],
  ['MatMul', matMul],
  ['BatchNormalization', batchNorm],
  ['LayerNormalization', layerNorm],
  ['InstanceNormalization', instanceNorm],
  ['MaxPool', (call) => pooling(call, 'max_pool')],
  ['AveragePool', (call) => pooling(call, 'avg_pool')],
  ['GlobalAveragePool', globalAveragePool],
  ['ReduceMean', reduceMean],
  ['Relu', (call) => elementwise(call, 'relu')],
  ['Sigmoid', (call) => elementwise(call, 'sigmoid')],
  ['Tanh', (call) => elementwise(call, 'tanh')],
  ['HardSwish', (call) => elementwise(call, 'hard_swish')],
  ['Elu', (call) => (call.float('alpha', 1) === 1 ? elementwise(call, 'elu') : undefined)],
  ['HardSigmoid', hardSigmoid],
  [
    'LeakyRelu',
    (call) => call.like(call.op.leakyRelu(call.input(0).value, call.float('alpha', 0.01))),
  ],
  ['PRelu', prelu],
  ['Clip', clip],
  ['Max', (call) => extremum(call, (limit) => [limit, Infinity])],
  ['Min', (call) => extremum(call, (limit) => [-Infinity, limit])],
  ['Softmax', softmax],
  ['Add', (call) => binary(call, 'add')],
  ['Sub', (call) => binary(call, 'sub')],
  ['Mul', (call) => binary(call, 'mul')],
  ['Div', (call) => binary(call, 'div')],
  ['Sum', sum],
  ['Concat', concat],
  ['Slice', slice],
  ['Split', split],
  ['Pad', pad],
  ['Reshape', reshape],
  ['Flatten', flatten],
  ['Squeeze', squeeze],
  ['Unsqueeze', unsqueeze],
  ['Transpose', transpose],
  ['Resize', resize],
  ['Upsample', resize],
  ['DepthToSpace', depthToSpace],
  ['Identity', (call) => call.input(0)],
  ['Dropout', (call) => call.input(0)],
  ['Cast', cast],
  ['QuantizeLinear', sameNumbers],
  ['DequantizeLinear', dequantize],
  ['DynamicQuantizeLinear', dynamicQuantize],
  ['QLinearConv', quantisedConv],
  ['QLinearMatMul', quantisedMatMul],
  ['ConvInteger', integerConv],
  ['MatMulInteger', integerMatMul],
  ['Shape', shapeOf],
  ['Gather', gather],
  ['Constant', constant],
  ['ConstantOfShape', (call) => constantOfShape(call, call.tensor('value'))],
  ['Expand', expand],
  ['Range', range],
  ['Floor', (call) => folded(call, Math.floor)],
  ['Ceil', (call) => folded(call, Math.ceil)],
  ['Sqrt', (call) => call.like(call.op.root(call.input(0).value))],
  ['Reciprocal', reciprocal],
  ['Pow', power],
  ['Gelu', gelu],
  ['Neg', (call) => folded(call, (value) => -value)],
])

function elementwise(call: Call, type: ElementwiseType): NodeResult {
  return call.like(call.op.elementwise(type, call.input(0).value))
}

function binary(call: Call, type: 'add' | 'sub' | 'mul' | 'div'): NodeResult {
  const aligned = call.aligned()
  if (aligned?.values.length !== 2) return undefined
  const [a, b] = aligned.values
  // Whole numbers divide into whole numbers.
  if (type === 'div' && isConstant(a) && isConstant(b) && !a.isFloat) {
    const quotient = call.op.folding.paired(a, b, (left, right) => Math.trunc(left / right))
    return quotient && new Oriented(quotient)
  }
  const value = call.op.binary(type, a, b)
  return value && new Oriented(value, isConstant(value) ? undefined : aligned.order)
}

function sum(call: Call): NodeResult {
  const aligned = call.aligned()
  const value = aligned && call.op.sum(aligned.values)
  return value && new Oriented(value, aligned.order)
}

function prelu(call: Call): NodeResult {
  const aligned = call.aligned()
  if (aligned?.values.length !== 2) return undefined
  const value = call.op.prelu(aligned.values[0], aligned.values[1])
  return value && new Oriented(value, aligned.order)
}

function reciprocal(call: Call): NodeResult {
  return call.like(call.op.binary('div', scalar(1), call.input(0).value))
}

function power(call: Call): NodeResult {
  const exponent = call.scalar(1, NaN)
  if (exponent === undefined) return undefined
  return call.like(call.op.power(call.input(0).value, exponent))
}

/** The exact one only. */
function gelu(call: Call): NodeResult {
  return call.text('approximate', 'none') === 'none' ? elementwise(call, 'gelu') : undefined
}

function clip(call: Call): NodeResult {
  const low = call.attribute('min') ? call.float('min') : call.scalar(1, -Infinity)
  const high = call.attribute('max') ? call.float('max') : call.scalar(2, Infinity)
  if (low === undefined || high === undefined) return undefined
  return call.like(call.op.limited(call.input(0).value, low, high))
}

/** The larger or smaller of a tensor and one number. */
function extremum(call: Call, limits: (limit: number) => [number, number]): NodeResult {
  const at = call.constant(1) ? 1 : 0
  const limit = call.scalar(at, NaN)
  if (call.inputs.length !== 2 || limit === undefined) return undefined
  return call.like(call.op.limited(call.input(1 - at).value, ...limits(limit)), 1 - at)
}

/** `alpha * x + beta` between 0 and 1: a ReLU6 of six times that, over six. */
function hardSigmoid(call: Call): NodeResult {
  const { op } = call
  const factor = Math.fround(6 * call.float('alpha', 0.2))
  const summand = Math.fround(6 * call.float('beta', 0.5))
  const { value } = call.input(0)
  const isOne = Math.abs(factor - 1) < 1e-6
  const scaled = isOne ? value : op.named('factor').binary('mul', value, scalar(factor))
  const shifted = scaled && op.named('shifted').binary('add', scaled, scalar(summand))
  const gate = shifted && op.named('gate').elementwise('relu6', shifted)
  return call.like(gate && op.binary('mul', gate, scalar(1 / 6)))
}

function scalar(value: number): Constant {
  return constantOf([value], [], true)
}

function depthToSpace(call: Call): NodeResult {
  const { op } = call
  const image = call.input(0).channelsLast(op)
  const blockSize = call.int('blocksize')
  if (call.text('mode', 'DCR') !== 'DCR' || !(blockSize > 0) || !image || !isImage(image)) {
    return undefined
  }
  const operator = { type: 'depth_to_space', blockSize } as const
  const shape = [1, ...inferredShape(operator, [image.shape.slice(1)])]
  const value = op.assembly.add(op.name, operator, [image], shape, image.isPositive)
  return new Oriented(value, channelsLast(4))
}

const FLOAT_TYPES: readonly number[] = [DATA_TYPE.float, DATA_TYPE.float16, DATA_TYPE.double]

export function isCastToFloat({ op, attributes }: OnnxNode): boolean {
  return op === 'Cast' && FLOAT_TYPES.includes(attributes.get('to')?.int(ATTRIBUTE.i) ?? 0)
}

function cast(call: Call): NodeResult {
  const input = call.input(0)
  const isFloat = isCastToFloat(call.node)
  if (!isConstant(input.value)) return isFloat ? input : undefined
  const change = isFloat ? (value: number): number => value : Math.trunc
  return call.like(call.op.folding.mapped(input.value, change, isFloat))
}

function constant(call: Call): NodeResult {
  const tensor = call.tensor('value')
  if (tensor) return new Oriented(tensor)
  if (call.attribute('value_int')) return new Oriented(constantOf([call.int('value_int')], []))
  if (call.attribute('value_float')) return new Oriented(scalar(call.float('value_float')))
  const ints = call.ints('value_ints')
  return ints && new Oriented(constantOf(ints))
}

function folded(call: Call, change: (value: number) => number): NodeResult {
  const { value } = call.input(0)
  return isConstant(value) ? call.like(call.op.folding.mapped(value, change)) : undefined
}
