import type { KernelWork } from '@leti/records'
import { areaOf, elementsOf } from './terms.js'

/** Sizes of blocks that implementations compute channels in. */
const BLOCKS = [4, 8]

/** How much a part of a block that is left over counts, beside a factor of e in a size. */
const REMAINDER = 0.5

/** Where a kernel stands among others of its group: logarithms of its sizes, and what is left over. */
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
