import type { KernelWork } from '@leti/records'
import { areaOf, elementsOf } from './terms.js'

/** Block sizes in which implementations compute channels. */
const BLOCKS = [4, 8]

/** Distance of a partly filled block, in the unit of the log sizes. */
const REMAINDER = 0.5

/** The coordinates of a kernel within its group: log sizes, partly filled blocks, fused operators. */
export function coordinatesOf(kernel: KernelWork): number[] {
  const { input_shapes, output_shape, strides, groups = 1, fused, weight_bytes } = kernel
  const [input] = input_shapes
  const channels = output_shape.at(-1) ?? 1
  const read = input_shapes.reduce((sum, shape) => sum + elementsOf(shape), 0)
  const sizes = [
    elementsOf(output_shape) / channels,
    channels,
    input?.at(-1) ?? 1,
    read,
    areaOf(kernel.window),
    areaOf(strides),
    groups,
    input_shapes.length,
    1 + weight_bytes / 1e4,
  ]
  return [
    ...sizes.map(Math.log),
    ...BLOCKS.map((block) => (channels % block ? REMAINDER : 0)),
    fused ? REMAINDER : 0,
  ]
}
