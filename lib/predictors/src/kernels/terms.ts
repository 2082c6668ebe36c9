import type { KernelWork } from '@leti/records'

/** Kernels that cost alike: one regressor serves them. */
export type Group = string

/** What similar kernels are limited by; those of a group that was never measured are judged by these. */
export const FAMILIES = ['product', 'window', 'elementwise', 'movement'] as const

export type Family = (typeof FAMILIES)[number]

const PRODUCTS = new Set(['conv2d', 'transpose_conv2d', 'dense', 'matmul'])
const WINDOWS = new Set(['depthwise_conv2d', 'max_pool', 'avg_pool', 'global_avg_pool', 'mean'])
const MOVEMENTS = new Set([
  'reshape',
  'squeeze',
  'transpose',
  'slice',
  'truncate',
  'pad',
  'concat',
  'channel_shuffle',
  'depth_to_space',
])

export function familyOf({ type }: KernelWork): Family {
  if (PRODUCTS.has(type)) return 'product'
  if (WINDOWS.has(type)) return 'window'
  return MOVEMENTS.has(type) ? 'movement' : 'elementwise'
}

/** The kernel's type, told apart where runtimes compute it in different ways. */
export function groupOf(kernel: KernelWork): Group {
  const { type, window, groups = 1, input_shapes, output_shape } = kernel
  switch (type) {
    case 'conv2d':
      if (groups > 1) return 'conv2d_grouped'
      return areaOf(window) === 1 ? 'conv2d_1x1' : 'conv2d'
    case 'depthwise_conv2d':
      return `depthwise_conv2d_${areaOf(window)}`
    case 'dense':
      return output_shape.length > 1 ? 'dense_rows' : 'dense'
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
      return input_shapes.every((shape) => String(shape) === String(output_shape))
        ? type
        : `${type}_broadcast`
    case 'mean':
      return input_shapes[0].length === 3 && output_shape.at(-1) !== 1 ? 'mean_image' : 'mean_row'
    default:
      return type
  }
}

/** Vector lanes and the like: channels are computed in blocks. */
const BLOCK = 8

/** What each group's cost is a non-negative sum of; launches and groups are counted, the others in 1e6. */
export const TERMS = [
  'launch',
  'groups',
  'pieces',
  'macs',
  'padded_macs',
  'patches',
  'touched',
  'input_bytes',
  'output_bytes',
  'weight_bytes',
] as const

export type Term = (typeof TERMS)[number]

/** The terms of one kernel, in the order of `TERMS`. */
export function termsOf(kernel: KernelWork): number[] {
  const { macs, input_bytes, output_bytes, weight_bytes, output_shape, groups = 1 } = kernel
  const outputs = elementsOf(output_shape)
  const channels = output_shape.at(-1) ?? 1
  const area = areaOf(kernel.window)
  const isProduct = familyOf(kernel) === 'product'
  const padded = (macs / channels) * BLOCK * Math.ceil(channels / BLOCK)
  return [
    1,
    groups > 1 ? groups : 0,
    piecesOf(kernel) / 1e6,
    macs / 1e6,
    isProduct ? padded / 1e6 : 0,
    // What a product reads of its input, over and over: a patch for each pixel of the output.
    isProduct ? macs / channels / 1e6 : 0,
    area > 1 && !isProduct ? (outputs * area) / 1e6 : 0,
    input_bytes / 1e6,
    output_bytes / 1e6,
    weight_bytes / 1e6,
  ]
}

/**
 * Pieces of memory that are moved one by one, each whole: what is cut out of channels, or joined to
 * others, is a piece for each pixel. Groups of channels are cut out and joined where a runtime has no
 * grouped convolution.
 */
function piecesOf(kernel: KernelWork): number {
  const { type, groups = 1, input_shapes, output_shape } = kernel
  const rowsOf = (shape: readonly number[]): number => elementsOf(shape) / (shape.at(-1) ?? 1)
  switch (type) {
    case 'conv2d':
      return groups > 1 ? groups * rowsOf(output_shape) : 0
    case 'concat':
      return input_shapes.reduce((sum, shape) => sum + rowsOf(shape), 0)
    case 'transpose':
    case 'channel_shuffle':
      return elementsOf(output_shape)
    case 'slice':
    case 'truncate':
    case 'pad':
      return rowsOf(output_shape)
    default:
      return 0
  }
}

export function areaOf(window: readonly number[] = [1, 1]): number {
  return window[0] * window[1]
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
