import type { Call, NodeResult, Readers } from './call.js'

export const NORMS: Readers = [
  ['FusedBatchNorm', batchNorm],
  ['FusedBatchNormV2', batchNorm],
  ['FusedBatchNormV3', batchNorm],
]

/** A trained batch norm: normalizes each channel by constants. */
function batchNorm(call: Call): NodeResult {
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map((index) => call.constant(index))
  const { node, op } = call
  if (!mean || !variance || !node.isChannelsLast() || node.flag('is_training')) return undefined
  const epsilon = node.number('epsilon', 0.001)
  return op.batchNorm(call.input(0), { scale, offset, mean, variance, epsilon })
}
