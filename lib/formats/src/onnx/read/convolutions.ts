import { elements, type Shape } from '@leti/network'
import type { Value } from '../../importer/value.js'
import { floatsOf, type Constant } from '../../importer/constant.js'
import { convolution, transposedConvolution, withBias } from '../../importer/convolutions.js'
import type { Operation, Result } from '../../importer/operation.js'
import type { Filter } from '../../importer/product.js'
import { isImage, paddingRule, type FileWindow } from '../../importer/windows.js'
import { transposed } from '../../weights/transposed.js'
import type { Call, NodeResult, Readers } from './call.js'
import { fromImage, onImage } from './images-and-rows.js'
import { NO_PADS, pair, windowOf } from './windows.js'

export const CONVOLUTIONS: Readers = [
  ['Conv', conv],
  ['ConvTranspose', convTranspose],
]

/** A convolution of volumes, of images, or of rows, which are read as images of height 1. */
export function conv(call: Call): NodeResult {
  const weights = call.constant(1)
  if (weights?.shape.length === 5) return volumeConv(call, weights)
  const kernel = weights && imageKernel(weights.shape)
  if (!weights || !kernel) return undefined
  return onImage(call, (op, input) => {
    const [filters, channels] = kernel
    const groups = call.int('group', 1)
    if (input.shape[3] !== channels * groups) return undefined
    const isDepthwise = groups > 1 && channels === 1 && filters % groups === 0
    const filter = isDepthwise
      ? depthwiseFilter(weights, kernel, groups)
      : convolutionFilter(weights, kernel)
    const window = windowOf(call, [kernel[2], kernel[3]], [input.shape[1], input.shape[2]])
    const type = isDepthwise ? 'depthwise_conv2d' : 'conv2d'
    const result = window && convolution(op, type, input, window, filter)
    return call.has(2) ? biased(call, op, result) : result
  })
}

/** A convolution of volumes, without groups. */
function volumeConv(call: Call, weights: Constant): NodeResult {
  const input = call.input(0).channelsLast(call.op)
  if (call.int('group', 1) !== 1 || !input) return undefined
  const window = windowOf(call, weights.shape.slice(2), input.shape.slice(1, -1))
  const filter = convolutionFilter(weights, weights.shape)
  const result = window && convolution(call.op, 'conv3d', input, window, filter)
  return fromImage(call.has(2) ? biased(call, call.op, result) : result)
}

/** A transposed convolution of images, without groups. */
function convTranspose(call: Call): NodeResult {
  const weights = call.constant(1)
  const input = call.input(0).channelsLast(call.op)
  if (weights?.shape.length !== 4 || call.int('group', 1) !== 1 || !input || !isImage(input)) {
    return undefined
  }
  const kernel = weights.shape
  const [, , height, width] = kernel
  const window = windowOf(call, [height, width], [input.shape[1], input.shape[2]])
  if (!window || (typeof window.padding === 'string' && call.text('auto_pad') !== 'VALID')) {
    return undefined
  }
  const filter = convolutionFilter(weights, kernel)
  const result = enlarged(call, input, window, filter)
  return fromImage(call.has(2) ? biased(call, call.op, result) : result)
}

/** If the pads match neither of TensorFlow's rules, the output is computed without pads and cropped. */
function enlarged(call: Call, input: Value, window: FileWindow, filter: Filter): Result {
  const { op } = call
  const extra = call.ints('output_padding') ?? [0, 0]
  const pads = typeof window.padding === 'string' ? NO_PADS : window.padding
  const whole = pair(
    (axis) =>
      (input.shape[axis + 1] - 1) * window.strides[axis] + window.size[axis] + (extra[axis] ?? 0),
  )
  const size = pair((axis) => whole[axis] - pads[axis][0] - pads[axis][1])
  const padded = { ...window, padding: pads }
  if (paddingRule(size, padded)) return transposedConvolution(op, input, padded, filter, size)
  const result = transposedConvolution(
    op.named('whole'),
    input,
    { ...window, padding: 'valid' },
    filter,
    whole,
  )
  if (!result) return undefined
  const { shape } = result
  const begin = [0, pads[0][0], pads[1][0], 0]
  return op.slice(result, begin, [1, ...size, shape[3]])
}

function biased(call: Call, op: Operation, result: Result): Result {
  const bias = call.constant(2)
  return bias && withBias(result, op, bias)
}

function imageKernel(shape: Shape): Shape | undefined {
  if (shape.length === 3) return [shape[0], shape[1], 1, shape[2]]
  return shape.length === 4 ? shape : undefined
}

/** Transposes `[a, b, ...size]` to `[...size, b, a]`. */
function convolutionFilter(weights: Constant, [a, b, ...size]: Shape): Filter {
  const area = elements(size)
  return {
    shape: [...size, b, a],
    read: () => transposed(transposed(floatsOf(weights), a, b * area), b, area, a),
  }
}

/** Transposes `[groups * multiplier, 1, height, width]` to `[height, width, groups, multiplier]`. */
function depthwiseFilter(
  weights: Constant,
  [filters, , height, width]: Shape,
  groups: number,
): Filter {
  return {
    shape: [height, width, groups, filters / groups],
    read: () => transposed(floatsOf(weights), filters, height * width),
  }
}
