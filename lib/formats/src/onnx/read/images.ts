import type { Resize, Size } from '@leti/network'
import { depthToSpace as toSpace, resize as resized } from '../../importer/images.js'
import type { Call, NodeResult, Readers } from './call.js'
import { fromImage } from './images-and-rows.js'

// Operators that move or interpolate the pixels of images.

export const IMAGES: Readers = [
  ['Resize', resize],
  ['Upsample', resize],
  ['DepthToSpace', depthToSpace],
]

/** Known only in the order of TensorFlow's operator: depth, column, row. */
function depthToSpace(call: Call): NodeResult {
  const image = call.input(0).channelsLast(call.op)
  if (call.text('mode', 'DCR') !== 'DCR' || !image) return undefined
  return fromImage(toSpace(call.op, image, call.int('blocksize')))
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
  const alignment = isNearest
    ? nearestAlignment(call, [height, width], size)
    : linearAlignment(call)
  if (!alignment) return undefined
  const type = isNearest ? 'resize_nearest' : 'resize_bilinear'
  return fromImage(resized(call.op, image, { type, size, ...alignment }))
}

/** Height and width of the result; undefined if another axis is scaled too. */
function sizeOf(call: Call): Size | undefined {
  const { shape } = call.input(0)
  const isOld = call.node.op === 'Upsample' || call.opset < 11
  const scales = call.floats('scales') ?? call.numbers(isOld ? 1 : 2)
  const sizes = isOld || !call.has(3) ? undefined : call.numbers(3)
  if (call.attribute('axes') || call.attribute('keep_aspect_ratio_policy')) return undefined
  const result =
    sizes?.length === 4 ? sizes : scales?.map((scale, axis) => Math.floor(scale * shape[axis]))
  if (shape.length !== 4 || result?.length !== 4) return undefined
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

function linearAlignment(call: Call): Alignment | undefined {
  const mode = call.text('mode')
  const isLinear = mode === 'linear' || mode === 'bilinear'
  return isLinear ? LINEAR_ALIGNMENT.get(transformation(call)) : undefined
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
