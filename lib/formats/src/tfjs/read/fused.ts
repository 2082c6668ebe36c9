import type { Value } from '../../importer/value.js'
import { withBias } from '../../importer/convolutions.js'
import type { Operation, Result } from '../../importer/operation.js'
import type { Call, NodeResult } from './call.js'

type FusedReader = (op: Operation, sum: Value, call: Call, slope: number) => Result

/**
 * Activation functions that TensorFlow fuses into a convolution or product, by their names in `fused_ops`.
 * `slope` is the position of the input that holds the slopes of a PReLU.
 */
const FUSED: ReadonlyMap<string, FusedReader> = new Map<string, FusedReader>([
  ['Relu', (op, sum) => op.elementwise('relu', sum)],
  ['Relu6', (op, sum) => op.elementwise('relu6', sum)],
  ['Elu', (op, sum) => op.elementwise('elu', sum)],
  ['Sigmoid', (op, sum) => op.elementwise('sigmoid', sum)],
  ['Prelu', (op, sum, call, slope) => op.prelu(sum, call.input(slope))],
  ['LeakyRelu', (op, sum, { node }) => op.leakyRelu(sum, node.number('leakyrelu_alpha', 0.2))],
])

/** Adds what is fused into a node: the bias (`BiasAdd`), then one activation function. */
export function withFused(call: Call, product: Result): NodeResult {
  const { node, op } = call
  const fused = node.texts('fused_ops')
  const hasBias = fused[0] === 'BiasAdd'
  const bias = call.constant(2)
  const sum = hasBias ? bias && withBias(product, op, bias) : product
  const [activation, ...more] = hasBias ? fused.slice(1) : fused
  if (!sum || activation === undefined) return sum
  if (more.length > 0) return undefined
  return FUSED.get(activation)?.(op.named('activation'), sum, call, hasBias ? 3 : 2)
}
