import type { Operation, Result } from '../../importer/operation.js'
import type { Call, NodeReader, NodeResult, Readers } from './call.js'
import { conv } from './convolutions.js'
import { OrderedTensor } from './ordered-tensor.js'
import { gemm } from './products.js'

// Operators that ONNX Runtime's optimizer joins with their activation:
// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md

export const FUSED: Readers = [
  ['com.microsoft.FusedConv', fusedConv],
  ['com.microsoft.FusedGemm', activated(gemm, gemmParameters)],
]

/** Numbers of an activation, in the order of its attributes; undefined where the file leaves one out. */
type Parameters = (call: Call) => readonly (number | undefined)[]

/** A fourth input of `FusedConv` is added before the activation. */
function fusedConv(call: Call): NodeResult {
  return activated(
    call.has(3) ? convAndSum : conv,
    (of) => of.floats('activation_params') ?? [],
  )(call)
}

function convAndSum(call: Call): NodeResult {
  const { op, inputs } = call
  const result = conv(call.on(inputs.slice(0, 3), op.named('convolution')))
  const summand = call.input(3)
  if (!(result instanceof OrderedTensor)) return undefined
  const aligned = summand.inOrder(op, result.order)
  const sum = aligned && op.binary('add', result.value, aligned)
  return sum && new OrderedTensor(sum, result.order)
}

function gemmParameters(call: Call): readonly (number | undefined)[] {
  return ['activation_alpha', 'activation_beta'].map((name) =>
    call.attribute(name) ? call.float(name) : undefined,
  )
}

function activated(reader: NodeReader, parameters: Parameters): NodeReader {
  return (call) => {
    const result = reader(call.on(call.inputs, call.op.named('linear')))
    if (!(result instanceof OrderedTensor)) return undefined
    const value = activation(call, call.op, result, parameters(call))
    return value && new OrderedTensor(value, result.order)
  }
}

/** An activation with a number that is not stated stays unknown. */
function activation(
  call: Call,
  op: Operation,
  { value }: OrderedTensor,
  [first, second]: readonly (number | undefined)[],
): Result {
  switch (call.text('activation')) {
    case '':
      return value
    case 'Relu':
      return op.limited(value, 0, Infinity)
    case 'Tanh':
      return op.elementwise('tanh', value)
    case 'Sigmoid':
      return op.elementwise('sigmoid', value)
    case 'LeakyRelu':
      return first === undefined ? undefined : op.leakyRelu(value, first)
    case 'Clip':
      return first === undefined || second === undefined
        ? undefined
        : op.limited(value, first, second)
    default:
      return undefined
  }
}
