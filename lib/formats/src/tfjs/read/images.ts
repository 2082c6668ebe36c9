import { depthToSpace as toSpace, resize as resized } from '../../importer/images.js'
import type { Call, NodeResult, Readers } from './call.js'

// Operators that move or interpolate the pixels of images.

export const IMAGES: Readers = [
  ['ResizeBilinear', resizeBilinear],
  ['ResizeNearestNeighbor', resizeNearest],
  ['DepthToSpace', depthToSpace],
]

function resizeBilinear(call: Call): NodeResult {
  return resize(call, 'resize_bilinear')
}

function resizeNearest(call: Call): NodeResult {
  return resize(call, 'resize_nearest')
}

function resize(call: Call, type: 'resize_bilinear' | 'resize_nearest'): NodeResult {
  const { node, op } = call
  const size = call.numbers(1)
  if (size?.length !== 2) return undefined
  return resized(op, call.input(0), {
    type,
    size: [size[0], size[1]],
    alignCorners: node.flag('align_corners'),
    halfPixelCenters: node.flag('half_pixel_centers'),
  })
}

function depthToSpace(call: Call): NodeResult {
  const { node, op } = call
  if (!node.isChannelsLast()) return undefined
  return toSpace(op, call.input(0), node.number('block_size'))
}
