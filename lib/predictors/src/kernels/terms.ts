import { operatorTypes, type OperatorFamily } from '@leti/network'
import type { KernelWork } from '@leti/records'

/** The name of a group of kernels that share their costs: `conv2d_1x1`. */
export type Group = string

/** Families of kernels with the same bottleneck; they estimate groups that were never measured. */
export const COST_FAMILIES = ['product', 'window', 'elementwise', 'movement'] as const

export type CostFamily = (typeof COST_FAMILIES)[number]

const PRODUCTS = typesOf('product')
const WINDOWS = typesOf('window')
const MOVEMENTS = typesOf('movement')

/** The operators of a family, except those that no runtime has: they were never measured. */
function typesOf(family: OperatorFamily): ReadonlySet<string> {
  return new Set(operatorTypes((entry) => entry.family === family && !entry.unmeasurable))
}

/** The cost family of a kernel. */
export function familyOf({ type }: KernelWork): CostFamily {
  if (PRODUCTS.has(type)) return 'product'
  if (WINDOWS.has(type)) return 'window'
  return MOVEMENTS.has(type) ? 'movement' : 'elementwise'
}

/** The kernel's group: its type, divided further where runtimes have different implementations. */
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
    case 'max_pool':
      // It reads a part of its input alone: the corner that networks of one kernel keep.
      return readsPart(kernel) ? 'max_pool_corner' : type
    default:
      return type
  }
}

/** Whether the windows cover less than half of the image. */
function readsPart({ window, input_shapes: [input], output_shape }: KernelWork): boolean {
  const [seen, all] = [output_shape, input].map(([height, width]) => height * width)
  return 2 * seen * areaOf(window) < all
}

/** Channels are computed in blocks, such as vector lanes. */
const BLOCK = 8

/** The cost terms: launches and groups as counts, all others in units of 1e6. */
export const COST_TERMS = [
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

/** The value of each cost term for one kernel, in the order of `COST_TERMS`. */
export function costTermsOf(kernel: KernelWork): number[] {
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
    // The elements of all input patches: one patch per output pixel.
    isProduct ? macs / channels / 1e6 : 0,
    area > 1 && !isProduct ? (outputs * area) / 1e6 : 0,
    input_bytes / 1e6,
    output_bytes / 1e6,
    weight_bytes / 1e6,
  ]
}

/**
 * The number of contiguous pieces of memory that the kernel copies. Slicing or joining channels copies one
 * piece per pixel. A runtime without grouped convolutions slices and joins the groups of channels.
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
      // Other operators write their output as one piece: the terms of their bytes cover that.
      return 0
  }
}

/** Height times width, of a volume also times depth. */
export function areaOf(window: readonly number[] = []): number {
  return elementsOf(window)
}

/** Number of elements of a shape. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
