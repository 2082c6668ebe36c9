import { isConstant } from '../../importer/value.js'
import { constantOf, scalarConstant, type Constant } from '../../importer/constant.js'
import { Call, type NodeResult, type Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'
import { conv } from './convolutions.js'
import { matMul } from './products.js'

// Quantized operators are read as the float operators they stand for. A code is an integer that stands
// for a real number: `scale * (code - zero)`. A tensor of codes is read as these real numbers.

export const QUANTIZED: Readers = [
  ['QuantizeLinear', sameNumbers],
  ['DequantizeLinear', dequantize],
  ['DynamicQuantizeLinear', dynamicQuantize],
  ['QLinearConv', quantizedConv],
  ['QLinearMatMul', quantizedMatMul],
  ['ConvInteger', integerConv],
  ['MatMulInteger', integerMatMul],
]

/** Operators that compute with integers or quantize computed tensors. */
const QUANTIZED_NAME =
  /^(com\.microsoft\.)?(QuantizeLinear|DynamicQuantize|QLinear|QGemm|\w+Integer)/

export function isQuantized(operator: string): boolean {
  return QUANTIZED_NAME.test(operator)
}

/** Returns the input: a computed tensor keeps its real numbers, a constant is not quantized. */
function sameNumbers(call: Call): NodeResult {
  const input = call.input(0)
  return isConstant(input.value) ? undefined : input
}

/** Dequantizes a constant; computed tensors are real numbers already. */
function dequantize(call: Call): NodeResult {
  const input = call.input(0)
  if (!isConstant(input.value)) return input
  const values = dequantized(call, 0, 1, 2, call.int('axis', 1))
  return values && !call.int('block_size') ? new OrderedTensor(values) : undefined
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
  const bias = call.has(8) ? realBias(call) : undefined
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
  if (!weights) return undefined
  const real = centered(call, 1, 3, weights.shape.length - 1)
  return real && matMul(on(call, [call.inputs[0], real]))
}

/** The same node with the inputs of the float operator. */
function on(call: Call, inputs: readonly (OrderedTensor | Constant | undefined)[]): Call {
  const oriented = inputs.map((input) =>
    input === undefined || input instanceof OrderedTensor ? input : new OrderedTensor(input),
  )
  return new Call(call.node, oriented, call.op, call.opset)
}

/** An integer bias: its scale is that of the input times that of the weights. */
function realBias(call: Call): Constant | undefined {
  const { folding } = call.op
  const [scale, ofWeights, codes] = [call.constant(1), call.constant(4), call.constant(8)]
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
