import { depthToSpace as toSpace, resize as resized } from '../../importer/images.js'
import type { Call, OperatorReader, OperatorResult, Readers } from './call.js'

export const IMAGES = {
  RESIZE_BILINEAR: resize('resize_bilinear'),
  RESIZE_NEAREST_NEIGHBOR: resize('resize_nearest'),
  DEPTH_TO_SPACE: depthToSpace,
} as const satisfies Readers

/** The new size is the second input or, if it is computed, that of the output in the file. */
function resize(type: 'resize_bilinear' | 'resize_nearest'): OperatorReader {
  return (call) => {
    const size = call.numbers(1) ?? call.outputShape?.slice(1, 3)
    if (size?.length !== 2) return undefined
    return resized(call.op, call.computed(0), {
      type,
      size: [size[0], size[1]],
      alignCorners: call.options.align_corners !== 0,
      halfPixelCenters: call.options.half_pixel_centers !== 0,
    })
  }
}

function depthToSpace({ op, options, computed }: Call): OperatorResult {
  return toSpace(op, computed(0), options.block_size)
}
