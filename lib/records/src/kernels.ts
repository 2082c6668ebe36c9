import { LetiError } from './errors.js'
import type { Schema, Static } from './schema.js'

/** Limit on distinct kernels per network: no real network comes near it. */
const MAX_KERNELS = 100_000

const COUNT = { type: 'integer', minimum: 1 } as const

const BYTES = { type: 'number', minimum: 0 } as const

const SHAPE = { type: 'array', items: COUNT, maxItems: 8 } as const

const LENGTHS = {
  type: 'array',
  title: 'a height and a width, of a volume also a depth',
  items: COUNT,
  minItems: 2,
  maxItems: 3,
} as const

const KERNEL_WORK = {
  type: 'object',
  description:
    'A kernel: operators that the device runs as one, with all that determines its time.',
  required: [
    'type',
    'count',
    'input_shapes',
    'output_shape',
    'macs',
    'input_bytes',
    'output_bytes',
    'weight_bytes',
  ],
  properties: {
    type: { type: 'string', description: "Type of the kernel's main operator, such as conv2d." },
    count: { ...COUNT, description: 'How many such kernels the network has.' },
    input_shapes: {
      type: 'array',
      items: SHAPE,
      description: 'Shape of each input, without the batch: height, width, channels.',
    },
    output_shape: { ...SHAPE, description: 'Shape of the output, without the batch.' },
    window: {
      ...LENGTHS,
      description: 'Height and width of the window, of a volume its depth first.',
    },
    strides: {
      ...LENGTHS,
      description: 'Vertical and horizontal stride, of a volume the one in depth first.',
    },
    dilations: {
      ...LENGTHS,
      description: 'Vertical and horizontal dilation, of a volume the one in depth first.',
    },
    groups: { ...COUNT, description: 'Groups of channels that are convolved separately.' },
    fused: {
      type: 'array',
      items: { type: 'string' },
      description: 'Types of the operators that are fused into the main one, such as relu.',
    },
    macs: { ...BYTES, description: 'Multiply-accumulates of one run.' },
    input_bytes: { ...BYTES, description: 'Size of all inputs, bytes.' },
    output_bytes: { ...BYTES, description: 'Size of the output, bytes.' },
    weight_bytes: { ...BYTES, description: 'Size of the weights, bytes.' },
  },
} as const satisfies Schema

export const KERNELS = {
  type: 'array',
  description: 'Distinct kernels of the network; added by featurize --kernels.',
  items: KERNEL_WORK,
  maxItems: MAX_KERNELS,
} as const satisfies Schema

export type KernelWork = Static<typeof KERNEL_WORK>

/** @throws {LetiError} `missing-feature` if the record has no kernels */
export function kernelsOf({ kernels }: { readonly kernels?: KernelWork[] }): KernelWork[] {
  if (kernels) return kernels
  throw new LetiError('missing-feature', 'no "kernels": run featurize --kernels first')
}
