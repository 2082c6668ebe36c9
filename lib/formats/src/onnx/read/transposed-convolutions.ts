import type { Shape, Size } from '@leti/network'
import type { Constant } from '../../importer/constant.js'
import { transposedConvolution } from '../../importer/convolutions.js'
import type { Operation, Result } from '../../importer/operation.js'
import type { Filter } from '../../importer/product.js'
import type { Value } from '../../importer/value.js'
import { isImage, paddingRule, type FileWindow, type Pads } from '../../importer/windows.js'
import type { Call, NodeResult } from './call.js'
import { biased, convolutionFilter, imageKernel } from './filters.js'
import { onImage } from './images-and-rows.js'
import { imageSize, NO_PADS, pair, windowOf } from './windows.js'

/** Limit on the groups of a transposed convolution, each of which becomes one of its own. */
const MAX_GROUPS = 256

/** A transposed convolution of images, or of rows, which are read as images of height 1. */
export function convTranspose(call: Call): NodeResult {
  const weights = call.constant(1)
  const kernel = weights && imageKernel(weights.shape)
  if (!weights || !kernel) return undefined
  const [channels, , height, width] = kernel
  return onImage(call, (op, input) => {
    const window = windowOf(call, [height, width], [input.shape[1], input.shape[2]])
    if (!window || !isImage(input) || input.shape[3] !== channels) return undefined
    const result = inGroups(call, op, input, weights, (part, of, filter) =>
      enlarged(call, part, of, window, filter),
    )
    return call.has(2) ? biased(call, op, result) : result
  })
}

type Convolve = (op: Operation, input: Value, filter: Filter) => Result

/** No runtime has groups here: each group of channels is convolved by itself. */
function inGroups(
  call: Call,
  op: Operation,
  input: Value,
  weights: Constant,
  convolve: Convolve,
): Result {
  const groups = call.int('group', 1)
  const kernel = imageKernel(weights.shape)
  const channels = (kernel?.[0] ?? 0) / groups
  if (!kernel || !Number.isInteger(channels) || groups > MAX_GROUPS) return undefined
  if (groups === 1) return convolve(op, input, convolutionFilter(weights, kernel))
  const results = Array.from({ length: groups }, (_, group) => {
    const part = op.named(`group${group}`)
    const taken = sliced(part.named('channels'), input, 3, group * channels, channels)
    const filter = sliced(op, weights, 0, group * channels, channels) as Constant | undefined
    const shape = kernel.with(0, channels)
    return taken && filter && convolve(part, taken, convolutionFilter(filter, shape))
  })
  return results.every((of) => of !== undefined) ? op.concat(results, 3) : undefined
}

function sliced(op: Operation, value: Value, axis: number, begin: number, size: number): Result {
  const from = value.shape.map((_, at) => (at === axis ? begin : 0))
  return op.slice(value, from, value.shape.with(axis, size))
}

/** If the pads match neither of TensorFlow's rules, the output is computed without pads and cropped. */
function enlarged(
  call: Call,
  op: Operation,
  input: Value,
  window: FileWindow,
  filter: Filter,
): Result {
  // A row has a number for its width only.
  const extra = [0, ...(call.ints('output_padding') ?? [0, 0])].slice(-2)
  const reached = pair(
    (axis) =>
      (input.shape[axis + 1] - 1) * window.strides[axis] + window.size[axis] + (extra[axis] ?? 0),
  )
  const pads = padsOf(call, window, input.shape, reached)
  // An output may be stated that is larger than what the windows reach: the rest is empty.
  const whole = pair((axis) => Math.max(reached[axis], reached[axis] - pads[axis][1]))
  const size = pair((axis) => reached[axis] - pads[axis][0] - pads[axis][1])
  const padding = pads.map(([less, more]): Pads[number] => [less, Math.max(more, 0)])
  const padded = { ...window, padding }
  if (paddingRule(size, padded)) return transposedConvolution(op, input, padded, filter, size)
  const unpadded = { ...window, padding: 'valid' } as const
  const result = transposedConvolution(op.named('whole'), input, unpadded, filter, whole)
  if (!result) return undefined
  const begin = [0, pads[0][0], pads[1][0], 0]
  return op.slice(result, begin, [1, ...size, result.shape[3]])
}

/** An output of a stated shape, or of the size of the input times the stride, decides the pads. */
function padsOf(call: Call, window: FileWindow, input: Shape, whole: Size): Pads {
  const stated = call.ints('output_shape')
  const mode = call.text('auto_pad', 'NOTSET')
  const isSame = mode.startsWith('SAME')
  if (!stated?.length && !isSame) {
    return typeof window.padding === 'string' ? NO_PADS : window.padding
  }
  const size = stated?.length
    ? imageSize(stated.slice(-2))
    : pair((axis) => input[axis + 1] * window.strides[axis])
  return size.map((length, axis) => {
    const count = whole[axis] - length
    if (count < 0) return [0, count]
    const [less, more] = [Math.floor(count / 2), Math.ceil(count / 2)]
    return mode === 'SAME_UPPER' ? [less, more] : [more, less]
  })
}
