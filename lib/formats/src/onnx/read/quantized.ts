import { isConstant } from '../../importer/value.js'
import { constantOf, scalarConstant, type Constant } from '../../importer/constant.js'
import type { Operation, Result } from '../../importer/operation.js'
import { DATA_TYPE } from '../schema.js'
import { arithmetic, leakyRelu } from './arithmetic.js'
import { joinedAttention } from './attention.js'
import type { Call, NodeReader, NodeResult, Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'
import { conv } from './convolutions.js'
import { averagePool } from './pooling.js'
import { gemm, matMul } from './products.js'
import { globalPool } from './reductions.js'
import { concat } from './slices.js'

// Quantized operators are read as the float operators they stand for. A code is an integer that stands
// for a real number: `scale * (code - zero)`. A tensor of codes is read as these real numbers.

export const QUANTIZED: Readers = [
  ['QuantizeLinear', quantize],
  ['DequantizeLinear', dequantize],
  ['com.microsoft.QuantizeLinear', quantize],
  ['com.microsoft.DequantizeLinear', dequantize],
  ['DynamicQuantizeLinear', dynamicQuantize],
  ['QLinearConv', limitedTo(6, 7, quantizedConv)],
  ['QLinearMatMul', limitedTo(6, 7, quantizedMatMul)],
  ['com.microsoft.QGemm', limitedTo(7, 8, quantizedGemm)],
  ['com.microsoft.QLinearAdd', limitedTo(6, 7, onReal(2, arithmetic('add')))],
  ['com.microsoft.QLinearMul', limitedTo(6, 7, onReal(2, arithmetic('mul')))],
  ['com.microsoft.QLinearConcat', limitedTo(0, 1, quantizedConcat)],
  ['com.microsoft.QLinearSigmoid', onReal(1, (call) => call.like(sigmoidOf(call)))],
  ['com.microsoft.QLinearLeakyRelu', onReal(1, leakyRelu)],
  ['com.microsoft.QLinearAveragePool', onReal(1, channelsFirst(averagePool))],
  ['com.microsoft.QLinearGlobalAveragePool', onReal(1, channelsFirst(globalPool('mean')))],
  ['com.microsoft.QAttention', quantizedAttention],
  ['com.microsoft.DynamicQuantizeMatMul', productWithCodes({ scale: 2, zero: 3, bias: 4 })],
  ['com.microsoft.MatMulIntegerToFloat', productWithCodes({ scale: 3, zero: 5, bias: 6 })],
  ['ConvInteger', integerConv],
  ['MatMulInteger', integerMatMul],
]

function sigmoidOf(call: Call): Result {
  return call.op.elementwise('sigmoid', call.input(0).value)
}

/** These operators can also take images with the channels last, which is not read. */
function channelsFirst(read: NodeReader): NodeReader {
  return (call) => (call.int('channels_last') ? undefined : read(call))
}

/** Operators that compute with integers or quantize computed tensors. */
const QUANTIZED_NAME =
  /^(com\.microsoft\.)?(QuantizeLinear|DynamicQuantize|QLinear|QGemm|QAttention|\w+Integer)/

export function isQuantized(operator: string): boolean {
  return QUANTIZED_NAME.test(operator)
}

/** A computed tensor keeps its real numbers, within the range of the codes; a constant is not quantized. */
function quantize(call: Call): NodeResult {
  const input = call.input(0)
  if (isConstant(input.value)) return undefined
  return call.isOfNetwork(0) ? input : inRange(call, call.op, input, 1, 2)
}

/** The least and the largest code, by `TensorProto.DataType`. */
const CODES: ReadonlyMap<number, readonly [number, number]> = new Map([
  [DATA_TYPE.uint8, [0, 255]],
  [DATA_TYPE.int8, [-128, 127]],
  [DATA_TYPE.uint16, [0, 65535]],
  [DATA_TYPE.int16, [-32768, 32767]],
  [DATA_TYPE.uint4, [0, 15]],
  [DATA_TYPE.int4, [-8, 7]],
])

/**
 * Limits real numbers to the range of their codes if it begins at 0: quantizers leave a ReLU out for it,
 * and a ReLU6 if it ends at 6. Other ends only cut off what calibration never saw.
 *
 * @param scale position of the input with the scale
 * @param zero position of the input with the zero
 */
function inRange(
  call: Call,
  op: Operation,
  tensor: OrderedTensor,
  scale: number,
  zero: number,
): OrderedTensor | undefined {
  const { value, order } = tensor
  const step = call.scalar(scale, NaN)
  const first = call.scalar(zero, 0)
  const codes = CODES.get(codeType(call, zero) ?? 0)
  if (isConstant(value) || value.isPositive || !codes || first !== codes[0] || !step) return tensor
  const end = (codes[1] - codes[0]) * step
  const limited = op.limited(value, 0, Math.abs(end - 6) <= step ? 6 : Infinity)
  return limited && new OrderedTensor(limited, order)
}

/** The type of the codes: that of their zero, or else the one that the node states. */
function codeType(call: Call, zero: number): number | undefined {
  if (call.has(zero)) return call.storedType(zero)
  return call.int('output_dtype') || DATA_TYPE.uint8
}

/** Reads an operator on codes by the reader of the float operator, whose result is limited to a range. */
function limitedTo(scale: number, zero: number, read: NodeReader): NodeReader {
  return (call) => {
    const result = read(call.on(call.inputs, call.op.named('real')))
    if (!(result instanceof OrderedTensor)) return result
    return inRange(call, call.op, result, scale, zero)
  }
}

/** Dequantizes a constant; computed tensors are real numbers already. */
function dequantize(call: Call): NodeResult {
  const input = call.input(0)
  if (!isConstant(input.value)) return call.isOfNetwork(0) ? realInput(call, input) : input
  const values = dequantized(call, 0, 1, 2, call.int('axis', 1))
  return values && !call.int('block_size') ? new OrderedTensor(values) : undefined
}

/** An input of the network holds codes: they become real numbers here. */
function realInput(call: Call, input: OrderedTensor): NodeResult {
  const [scale, zero] = [call.scalar(1, NaN), call.scalar(2, 0)]
  if (scale === undefined || zero === undefined) return undefined
  const { op } = call
  const centered =
    zero === 0 ? input.value : op.named('centered').binary('sub', input.value, scalarConstant(zero))
  return call.like(centered && op.binary('mul', centered, scalarConstant(scale)))
}

/** Returns the input, a scale of 1 and a zero of 0: the codes are the real numbers. */
function dynamicQuantize(call: Call): NodeResult {
  const scale = new OrderedTensor(scalarConstant(1))
  const zero = new OrderedTensor(constantOf([0], []))
  return [call.input(0), scale, zero]
}

/** Inputs: x, its scale and zero; w, its scale and zero; scale and zero of the output; a bias. */
function quantizedConv(call: Call): NodeResult {
  const weights = dequantized(call, 3, 4, 5, 0)
  const bias = call.has(8) ? realBias(call, 8) : undefined
  if (!weights || (call.has(8) && !bias)) return undefined
  return conv(on(call, [call.inputs[0], weights, bias]))
}

/** Inputs: those of `QLinearConv`, without a bias. */
function quantizedMatMul(call: Call): NodeResult {
  const weights = call.constant(3)
  if (!weights) return matMul(on(call, [call.inputs[0], call.inputs[3]]))
  const real = dequantized(call, 3, 4, 5, weights.shape.length - 1)
  return real && matMul(on(call, [call.inputs[0], real]))
}

/** Inputs: x, w, and their zeros. The zero of x is that of `dynamicQuantize`: 0. */
function integerConv(call: Call): NodeResult {
  const weights = centered(call, 1, 3, 0)
  return weights && conv(on(call, [call.inputs[0], weights]))
}

function integerMatMul(call: Call): NodeResult {
  const weights = call.constant(1)
  if (!weights) return isQuantizedAnew(call) ? matMul(on(call, call.inputs.slice(0, 2))) : undefined
  const real = centered(call, 1, 3, weights.shape.length - 1)
  return real && matMul(on(call, [call.inputs[0], real]))
}

/** Whether both factors are those of `dynamicQuantize`: their zeros are then none that the file stores. */
function isQuantizedAnew(call: Call): boolean {
  return [2, 3].every((zero) => call.scalar(zero, NaN) === 0 && call.storedType(zero) === undefined)
}

/** Inputs: x, w, a bias, the scales of both, a mask, the zeros of both, and keys of the past. */
function quantizedAttention(call: Call): NodeResult {
  const weights = dequantized(call, 1, 4, 7, 1)
  if (!weights || call.isOfNetwork(0)) return undefined
  const [input, , bias, , , mask, , , past] = call.inputs
  return joinedAttention(on(call, [input, weights, bias, mask, past]))
}

/** A product of real numbers and a matrix of codes, perhaps with a bias. Arguments are positions of inputs. */
function productWithCodes(of: { scale: number; zero: number; bias: number }): NodeReader {
  return (call) => {
    const { op } = call
    const rank = call.constant(1)?.shape.length ?? 0
    const weights = dequantized(call, 1, of.scale, of.zero, rank - 1)
    const isOfCodes = call.node.op.endsWith('ToFloat') && call.isOfNetwork(0)
    if (!weights || isOfCodes) return undefined
    const product = matMul(on(call.on(call.inputs, op.named('product')), [call.inputs[0], weights]))
    if (!call.has(of.bias) || !(product instanceof OrderedTensor)) return product
    const sum = op.binary('add', product.value, call.input(of.bias).value)
    return sum && new OrderedTensor(sum, product.order)
  }
}

/** The same node with the inputs of the float operator. */
function on(call: Call, inputs: readonly (OrderedTensor | Constant | undefined)[]): Call {
  return call.on(
    inputs.map((input) =>
      input === undefined || input instanceof OrderedTensor ? input : new OrderedTensor(input),
    ),
  )
}

/** The real numbers of an input of codes, whose scale and zero are the inputs after it. */
function real(call: Call, index: number): OrderedTensor | undefined {
  const input = call.input(index)
  if (!isConstant(input.value)) return input
  const values = dequantized(call, index, index + 1, index + 2, input.value.shape.length - 1)
  return values && new OrderedTensor(values)
}

/** Reads an operator whose first inputs are tensors of codes, each with its scale and zero. */
function onReal(count: number, read: NodeReader): NodeReader {
  return (call) => {
    const inputs = Array.from({ length: count }, (_, index) => real(call, 3 * index))
    return inputs.every((input) => input !== undefined) ? read(call.on(inputs)) : undefined
  }
}

/** Inputs: scale and zero of the output, then tensors, each with its scale and zero. */
function quantizedConcat(call: Call): NodeResult {
  const count = Math.floor((call.inputs.length - 2) / 3)
  const inputs = Array.from({ length: count }, (_, index) => real(call, 2 + 3 * index))
  return inputs.every((input) => input !== undefined) ? concat(call.on(inputs)) : undefined
}

/** Inputs: A, B and their scales and zeros; a bias of integers; scale and zero of the output. */
function quantizedGemm(call: Call): NodeResult {
  const weights = dequantized(call, 3, 4, 5, call.int('transB') ? 0 : 1)
  const bias = call.has(6) ? realBias(call, 6) : undefined
  if (!weights || (call.has(6) && !bias)) return undefined
  return gemm(on(call, [call.inputs[0], weights, bias]))
}

/** An integer bias: its scale is that of the input times that of the weights. */
function realBias(call: Call, index: number): Constant | undefined {
  const { folding } = call.op
  const [scale, ofWeights, codes] = [call.constant(1), call.constant(4), call.constant(index)]
  if (!scale || !ofWeights || !codes) return undefined
  const product = folding.paired(ofWeights, scale, (a, b) => a * b)
  return product && folding.paired(codes, product, (a, b) => a * b, true)
}

/** The real numbers of a constant: `scale * (code - zero)`. Arguments are positions of inputs. */
function dequantized(
  call: Call,
  codes: number,
  scale: number,
  zero: number,
  axis: number,
): Constant | undefined {
  const values = centered(call, codes, zero, axis)
  const factors = values && along(call, call.constant(scale), values, axis)
  return factors && call.op.folding.paired(values, factors, (a, b) => a * b, true)
}

/** `code - zero`, as floats. */
function centered(call: Call, codes: number, zero: number, axis: number): Constant | undefined {
  const whole = call.constant(codes)
  if (!whole) return undefined
  const zeros = call.has(zero) ? call.constant(zero) : constantOf([0], [])
  const spread = along(call, zeros, whole, axis)
  return spread && call.op.folding.paired(whole, spread, (code, of) => code - of, true)
}

/** Shapes a scale or zero to be broadcast: one number for all codes, or one per index of the axis. */
function along(
  { op }: Call,
  of: Constant | undefined,
  { shape }: Constant,
  axis: number,
): Constant | undefined {
  if (!of || of.shape.length === 0 || shape.length === 0) return of
  const at = axis < 0 ? axis + shape.length : axis
  const size = of.shape[0] ?? 1
  return op.folding.reshaped(
    of,
    shape.map((_, index) => (index === at ? size : 1)),
  )
}
