import { approximateGelu } from '../../importer/composed.js'
import { normalized, rootNormalized } from '../../importer/normalized.js'
import type { Operation, Result } from '../../importer/operation.js'
import { axisOf } from '../../importer/shapes.js'
import type { Value } from '../../importer/value.js'
import type { Call, NodeReader, NodeResult, Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'

// Parts of transformers that ONNX Runtime's optimizer joins, and the norm that has no mean:
// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md

export const TRANSFORMERS: Readers = [
  ['com.microsoft.Gelu', gelu((op, value) => op.elementwise('gelu', value))],
  ['com.microsoft.BiasGelu', gelu((op, value) => op.elementwise('gelu', value))],
  ['com.microsoft.FastGelu', gelu(approximateGelu)],
  ['com.microsoft.SkipLayerNormalization', skipNorm(normalized, 3, 4)],
  ['com.microsoft.SkipSimplifiedLayerNormalization', skipNorm(rootNormalized, undefined, 3)],
  ['SimplifiedLayerNormalization', rootNorm],
  ['RMSNormalization', rootNorm],
]

/** A bias may be added before. */
function gelu(compute: (op: Operation, value: Value) => Result): NodeReader {
  return (call) => {
    const input = call.input(0).plain(call.op)
    const bias = call.has(1) ? call.input(1).plain(call.op) : undefined
    const sum = bias && input ? call.op.named('biased').binary('add', input, bias) : input
    const result = sum && compute(call.op, sum)
    return result && new OrderedTensor(result)
  }
}

/**
 * Adds two tensors and perhaps a bias, and normalizes the sum, which is the fourth output.
 *
 * @param shift position of what is added at last, if anything is
 * @param bias position of the bias
 */
function skipNorm(norm: typeof normalized, shift: number | undefined, bias: number): NodeReader {
  return (call) => {
    const { op, node } = call
    const terms = [0, 1, bias].filter((index) => call.has(index))
    const sum = terms.reduce<Result>((total, index) => {
      const term = call.input(index).plain(op)
      return total && term ? op.named(`sum${index}`).binary('add', total, term) : (term ?? total)
    }, undefined)
    const rank = sum?.shape.length ?? 0
    const unit = sum && norm(op.named('unit'), sum, [rank - 1], call.float('epsilon', 1e-12))
    const scaled = unit && op.named('scaled').binary('mul', unit, call.input(2).value)
    const isShifted = shift !== undefined && call.has(shift)
    const result = scaled && isShifted ? op.binary('add', scaled, call.input(shift).value) : scaled
    if (!sum || !result || node.outputs[1] || node.outputs[2]) return undefined
    return [result, result, result, sum].map((value) => new OrderedTensor(value))
  }
}

/** Divides by the root of the mean of squares over axis `axis` and all that follow. */
function rootNorm(call: Call): NodeResult {
  const { op } = call
  const input = call.input(0).plain(op)
  const rank = input?.shape.length ?? 0
  const first = axisOf(call.int('axis', -1), rank)
  if (!input || first === undefined) return undefined
  const axes = Array.from({ length: rank - first }, (_, index) => first + index)
  const unit = rootNormalized(op.named('unit'), input, axes, call.float('epsilon', 1e-5))
  const scale = call.input(1).plain(op)
  const result = unit && scale && op.binary('mul', unit, scale)
  return result && new OrderedTensor(result)
}
