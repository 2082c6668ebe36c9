import { isConstant } from '../../importer/activation.js'
import { constantOf, type Constant } from '../../importer/constant.js'
import { Call, type NodeResult } from './call.js'
import { Oriented } from './oriented.js'
import { conv, matMul } from './weighted.js'

// Quantised operators as those of floats that they stand for: a tensor of codes is one of the real
// numbers that the codes mean.

/** Names of operators that compute in whole numbers, or turn activations into such. */
const QUANTISED = /^(com\.microsoft\.)?(QuantizeLinear|DynamicQuantize|QLinear|QGemm|\w+Integer)/

export function isQuantised(operator: string): boolean {
  return QUANTISED.test(operator)
}

/** A code for each number: activations stay, constants become what they would be read as. */
export function sameNumbers(call: Call): NodeResult {
  const input = call.input(0)
  return isConstant(input.value) ? undefined : input
}

/** Weights that the file holds as small whole numbers; of activations the numbers are there already. */
export function dequantize(call: Call): NodeResult {
  const input = call.input(0)
  if (!isConstant(input.value)) return input
  const values = dequantised(call, 0, 1, 2, call.int('axis', 1))
  return values && !call.int('block_size') ? new Oriented(values) : undefined
}

/** The input, and a scale and a zero that leave it as it is. */
export function dynamicQuantize(call: Call): NodeResult {
  const scale = new Oriented(constantOf([1], [], true))
  const zero = new Oriented(constantOf([0], []))
  return [call.input(0), scale, zero]
}

/** Inputs: x, its scale and zero, w, its scale and zero, the output's scale and zero, a bias. */
export function quantisedConv(call: Call): NodeResult {
  const weights = dequantised(call, 3, 4, 5, 0)
  const bias = call.has(8) ? realBias(call) : undefined
  if (!weights || (call.has(8) && !bias)) return undefined
  return conv(on(call, [call.inputs[0], weights, bias]))
}

/** Inputs as those of `QLinearConv`, without a bias. */
export function quantisedMatMul(call: Call): NodeResult {
  const weights = call.constant(3)
  if (!weights) return matMul(on(call, [call.inputs[0], call.inputs[3]]))
  const real = dequantised(call, 3, 4, 5, weights.shape.length - 1)
  return real && matMul(on(call, [call.inputs[0], real]))
}

/** Inputs: x, w, and their zeros. Of what `DynamicQuantizeLinear` gives the zero is 0. */
export function integerConv(call: Call): NodeResult {
  const weights = centred(call, 1, 3, 0)
  return weights && conv(on(call, [call.inputs[0], weights]))
}

export function integerMatMul(call: Call): NodeResult {
  const weights = call.constant(1)
  if (!weights) return undefined
  const real = centred(call, 1, 3, weights.shape.length - 1)
  return real && matMul(on(call, [call.inputs[0], real]))
}

/** The call of the operator of floats. */
function on(call: Call, inputs: readonly (Oriented | Constant | undefined)[]): Call {
  const oriented = inputs.map((input) =>
    input === undefined || input instanceof Oriented ? input : new Oriented(input),
  )
  return new Call(call.node, oriented, call.op, call.opset)
}

/** A bias in whole numbers, whose scale is that of the input times that of the weights. */
function realBias(call: Call): Constant | undefined {
  const { folding } = call.op
  const [scale, ofWeights, codes] = [call.constant(1), call.constant(4), call.constant(8)]
  if (!scale || !ofWeights || !codes) return undefined
  const product = folding.paired(ofWeights, scale, (a, b) => a * b)
  return product && folding.paired(codes, product, (a, b) => a * b, true)
}

/** Codes as the real numbers that they mean. */
function dequantised(
  call: Call,
  codes: number,
  scale: number,
  zero: number,
  axis: number,
): Constant | undefined {
  const values = centred(call, codes, zero, axis)
  const factors = values && along(call, call.constant(scale), values, axis)
  return factors && call.op.folding.paired(values, factors, (a, b) => a * b, true)
}

/** Codes less the zero: as floats. */
function centred(call: Call, codes: number, zero: number, axis: number): Constant | undefined {
  const whole = call.constant(codes)
  if (!whole) return undefined
  const zeros = call.has(zero) ? call.constant(zero) : constantOf([0], [])
  const spread = along(call, zeros, whole, axis)
  return spread && call.op.folding.paired(whole, spread, (code, of) => code - of, true)
}

/** One number for all, or for each index of the axis. */
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
