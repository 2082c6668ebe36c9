import type { Resize, Shape, Size } from '@leti/network'
import { depthToSpace as toSpace, resize as resized } from '../../importer/images.js'
import type { Operation, Result } from '../../importer/operation.js'
import { axesOf } from '../../importer/shapes.js'
import type { Value } from '../../importer/value.js'
import { isCount, isImage } from '../../importer/windows.js'
import type { Call, NodeResult, Readers } from './call.js'
import { fromImage } from './images-and-rows.js'

// Operators that move or interpolate the pixels of images.

export const IMAGES: Readers = [
  ['Resize', resize],
  ['Upsample', resize],
  ['DepthToSpace', depthToSpace],
  ['SpaceToDepth', spaceToDepth],
]

/** The mode `DCR` is the order of TensorFlow's operator: depth, column, row. */
function depthToSpace(call: Call): NodeResult {
  const image = call.input(0).channelsLast(call.op)
  const block = call.int('blocksize')
  if (!image || !isImage(image) || !isCount(block)) return undefined
  if (call.text('mode', 'DCR') === 'DCR') return fromImage(toSpace(call.op, image, block))
  const [, height, width, channels] = image.shape
  const depth = channels / block ** 2
  if (!Number.isInteger(depth)) return undefined
  const blocks = [height, width, depth, block, block]
  const after = [1, height * block, width * block, depth]
  return fromImage(rearranged(call.op, image, blocks, [0, 3, 1, 4, 2], after))
}

/** Turns blocks of pixels into channels: row and column in the block, then the channel. */
function spaceToDepth(call: Call): NodeResult {
  const image = call.input(0).channelsLast(call.op)
  const block = call.int('blocksize')
  if (!image || !isImage(image) || !isCount(block)) return undefined
  const [, height, width, channels] = image.shape
  const [rows, columns] = [height / block, width / block]
  if (![rows, columns].every(Number.isInteger)) return undefined
  const blocks = [rows, block, columns, block, channels]
  const after = [1, rows, columns, block ** 2 * channels]
  return fromImage(rearranged(call.op, image, blocks, [0, 2, 1, 3, 4], after))
}

/** Splits the axes of an image, reorders the parts and joins them. */
function rearranged(
  op: Operation,
  image: Value,
  parts: Shape,
  permutation: readonly number[],
  after: Shape,
): Result {
  const split = op.named('split').reshape(image, [1, ...parts])
  const order = [0, ...permutation.map((axis) => axis + 1)]
  const moved = split && op.named('moved').transpose(split, order)
  return moved && op.reshape(moved, after)
}

/** How pixels of the output map to pixels of the input. */
type Alignment = Pick<Resize, 'alignCorners' | 'halfPixelCenters'>

const CORNERS: Alignment = { alignCorners: true, halfPixelCenters: false }
const HALF_PIXEL: Alignment = { alignCorners: false, halfPixelCenters: true }
const ASYMMETRIC: Alignment = { alignCorners: false, halfPixelCenters: false }

/** `Resize`, and the older `Upsample`. */
function resize(call: Call): NodeResult {
  const image = call.input(0).channelsLast(call.op)
  const size = sizeOf(call)
  if (!image || !size) return undefined
  const [, , height, width] = call.input(0).shape
  const isNearest = call.text('mode', 'nearest') === 'nearest'
  // With antialiasing a pixel of a smaller image is the mean of several.
  const isSmaller = size[0] < height || size[1] < width
  if (call.int('antialias') && isSmaller && !isNearest) return undefined
  const alignment = isNearest
    ? nearestAlignment(call, [height, width], size)
    : linearAlignment(call, size)
  if (!alignment) return undefined
  const type = isNearest ? 'resize_nearest' : 'resize_bilinear'
  return fromImage(resized(call.op, image, { type, size, ...alignment }))
}

/**
 * Height and width of the result; undefined if another axis is scaled too, or if a scale is not the ratio
 * of the sizes: ONNX maps pixels by the scale, TensorFlow by the ratio.
 */
function sizeOf(call: Call): Size | undefined {
  const { shape } = call.input(0)
  const isOld = call.node.op === 'Upsample' || call.opset < 11
  const policy = call.text('keep_aspect_ratio_policy', 'stretch')
  const axes = axesOf(call.ints('axes') ?? shape.map((_, axis) => axis), shape.length)
  if (policy !== 'stretch' || !axes || shape.length !== 4) return undefined
  const scales = call.floats('scales') ?? call.numbers(isOld ? 1 : 2)
  const sizes = isOld || !call.has(3) ? [] : (call.numbers(3) ?? [])
  const result = [...shape]
  for (const [index, axis] of axes.entries()) {
    const size = sizes.length > 0 ? sizes[index] : (scales?.[index] ?? NaN) * shape[axis]
    // A float32 holds a ratio such as 4/3 to seven digits.
    if (!(Math.abs(size - Math.round(size)) < 1e-5 * size)) return undefined
    result[axis] = Math.round(size)
  }
  const [batch, channels, height, width] = result
  return batch === shape[0] && channels === shape[1] ? [height, width] : undefined
}

function transformation(call: Call): string {
  const fallback = call.opset < 11 ? 'asymmetric' : 'half_pixel'
  return call.text('coordinate_transformation_mode', fallback)
}

/** By `coordinate_transformation_mode`. */
const LINEAR_ALIGNMENT: ReadonlyMap<string, Alignment> = new Map([
  ['half_pixel', HALF_PIXEL],
  ['pytorch_half_pixel', HALF_PIXEL],
  ['align_corners', CORNERS],
  ['asymmetric', ASYMMETRIC],
])

function linearAlignment(call: Call, size: Size): Alignment | undefined {
  const mode = call.text('mode')
  if (mode !== 'linear' && mode !== 'bilinear') return undefined
  const by = transformation(call)
  // A single pixel is the first of the input for PyTorch, that in the middle for others.
  if (by === 'pytorch_half_pixel' && size.includes(1)) return undefined
  return LINEAR_ALIGNMENT.get(by)
}

/** With an integer factor, every mode except aligned corners repeats each pixel equally often. */
function nearestAlignment(call: Call, before: Size, after: Size): Alignment | undefined {
  const mode = transformation(call)
  const rounding = call.text('nearest_mode', call.opset < 11 ? 'floor' : 'round_prefer_floor')
  const isMultiple = after.every((size, axis) => size % before[axis] === 0)
  if (mode === 'asymmetric' && rounding === 'floor') return ASYMMETRIC
  const isCentered = mode === 'half_pixel' || mode === 'pytorch_half_pixel'
  return isCentered && isMultiple && rounding.startsWith('round') ? ASYMMETRIC : undefined
}
