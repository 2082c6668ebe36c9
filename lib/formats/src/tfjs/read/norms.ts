import type { Call, NodeResult } from './call.js'

/** A trained batch norm: normalizes each channel by constants. */
export function batchNorm(call: Call): NodeResult {
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map((index) => call.constant(index))
  const { node, op } = call
  if (!mean || !variance || !node.isChannelsLast() || node.flag('is_training')) return undefined
  const epsilon = node.number('epsilon', 0.001)
  return op.batchNorm(call.input(0), { scale, offset, mean, variance, epsilon })
}
