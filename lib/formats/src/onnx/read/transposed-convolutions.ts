import type { Shape, Size } from '@leti/network'
import type { Constant } from '../../importer/constant.js'
import { transposedConvolution } from '../../importer/convolutions.js'
import type { Operation, Result } from '../../importer/operation.js'
import type { Filter } from '../../importer/product.js'
import type { Value } from '../../importer/value.js'
import { isImage, paddingRule, type FileWindow, type Pads } from '../../importer/windows.js'
import type { Call, NodeResult } from './call.js'
import { biased, convolutionFilter, imageKernel } from './filters.js'
import { inGroups } from './groups.js'
import { fromImage, onImage } from './images-and-rows.js'
import { spread } from './spread.js'
import { imageSize, NO_PADS, pair, windowOf } from './windows.js'

/** A transposed convolution of images, of rows, which are read as images of height 1, or of volumes. */
export function convTranspose(call: Call): NodeResult {
  const weights = call.constant(1)
  if (!weights) return undefined
  const bias = (op: Operation, result: Result): Result =>
    call.has(2) ? biased(call, op, result) : result
  return ofImages(call, weights, bias) ?? fromImage(bias(call.op, spread(call, weights)))
}

function ofImages(
  call: Call,
  weights: Constant,
  bias: (op: Operation, result: Result) => Result,
): NodeResult {
  const kernel = imageKernel(weights.shape)
  if (!kernel) return undefined
  const [channels, , height, width] = kernel
  return onImage(call, (op, input) => {
    const window = windowOf(call, [height, width], [input.shape[1], input.shape[2]])
    if (!window || !isImage(input) || input.shape[3] !== channels) return undefined
    if (window.dilations.some((of) => of > 1)) return undefined
    const groups = call.int('group', 1)
    const result = inGroups(op, groups, input, weights, (part, of, filters) => {
      const shape = imageKernel(filters.shape) ?? kernel
      return enlarged(call, part, of, window, convolutionFilter(filters, shape))
    })
    return bias(op, result)
  })
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
