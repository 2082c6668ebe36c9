import type { Operator, Shape } from './operators.js'

/**
 * Shape of an operator's filter in TensorFlow's layout, or undefined where it has none:
 * `[height, width, in, out]` for convolutions, `[height, width, in, multiplier]` for depthwise and
 * `[height, width, out, in]` for transposed ones, `[in, out]` for dense layers, `[channels]` for the
 * scale of a batch norm.
 *
 * @param input shape of what the operator reads, where it reads anything
 */
export function filterShape(operator: Operator, input: Shape = []): Shape | undefined {
  const channels = input[input.length - 1]
  switch (operator.type) {
    case 'conv2d':
      return [...operator.window.size, channels / (operator.groups ?? 1), operator.filters]
    case 'depthwise_conv2d':
      return [...operator.window.size, channels, operator.multiplier ?? 1]
    case 'transpose_conv2d':
      return [...operator.window.size, operator.filters, channels]
    case 'dense':
      return [channels, operator.units]
    case 'batch_norm':
      return [channels]
    default:
      return undefined
  }
}
