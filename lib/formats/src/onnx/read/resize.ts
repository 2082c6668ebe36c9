import type { Resize, Size } from '@leti/network'
import { isImage } from '../../importer/windows.js'
import type { Call, NodeResult } from './call.js'
import { channelsLast, Oriented } from './oriented.js'

type Centers = Pick<Resize, 'alignCorners' | 'halfPixelCenters'>

const CORNERS: Centers = { alignCorners: true, halfPixelCenters: false }
const HALF_PIXEL: Centers = { alignCorners: false, halfPixelCenters: true }
const ASYMMETRIC: Centers = { alignCorners: false, halfPixelCenters: false }

/** `Resize`, and `Upsample` of older files. */
export function resize(call: Call): NodeResult {
  const { op } = call
  const image = call.input(0).channelsLast(op)
  const size = sizeOf(call)
  if (!image || !isImage(image) || !size) return undefined
  const before: Size = [image.shape[1], image.shape[2]]
  const isNearest = call.text('mode', 'nearest') === 'nearest'
  const centers = isNearest ? nearestCenters(call, before, size) : linearCenters(call)
  if (!centers) return undefined
  const type = isNearest ? 'resize_nearest' : 'resize_bilinear'
  const shape = [1, ...size, image.shape[3]]
  const operator = { type, size, ...centers } as const
  const value = op.assembly.add(op.name, operator, [image], shape, image.isPositive)
  return new Oriented(value, channelsLast(4))
}

/** Height and width of the result, where nothing else is scaled. */
function sizeOf(call: Call): Size | undefined {
  const { shape } = call.input(0)
  const isOld = call.node.op === 'Upsample' || call.opset < 11
  const scales = call.floats('scales') ?? call.numbers(isOld ? 1 : 2)
  const sizes = isOld || !call.has(3) ? undefined : call.numbers(3)
  if (call.attribute('axes') || call.attribute('keep_aspect_ratio_policy')) return undefined
  const result =
    sizes?.length === 4 ? sizes : scales?.map((of, axis) => Math.floor(of * shape[axis]))
  if (shape.length !== 4 || result?.length !== 4) return undefined
  const [batch, channels, height, width] = result
  return batch === shape[0] && channels === shape[1] ? [height, width] : undefined
}

function transformation(call: Call): string {
  const usual = call.opset < 11 ? 'asymmetric' : 'half_pixel'
  return call.text('coordinate_transformation_mode', usual)
}

function linearCenters(call: Call): Centers | undefined {
  const mode = call.text('mode')
  if (mode !== 'linear' && mode !== 'bilinear') return undefined
  switch (transformation(call)) {
    case 'half_pixel':
    case 'pytorch_half_pixel':
      return HALF_PIXEL
    case 'align_corners':
      return CORNERS
    case 'asymmetric':
      return ASYMMETRIC
    default:
      return undefined
  }
}

/** To a whole multiple, all but aligned corners give each pixel as often. */
function nearestCenters(call: Call, before: Size, after: Size): Centers | undefined {
  const mode = transformation(call)
  const rounding = call.text('nearest_mode', call.opset < 11 ? 'floor' : 'round_prefer_floor')
  const isMultiple = after.every((size, axis) => size % before[axis] === 0)
  if (mode === 'asymmetric' && rounding === 'floor') return ASYMMETRIC
  const isCentred = mode === 'half_pixel' || mode === 'pytorch_half_pixel'
  return isCentred && isMultiple && rounding.startsWith('round') ? ASYMMETRIC : undefined
}
