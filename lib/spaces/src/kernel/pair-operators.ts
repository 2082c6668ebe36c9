import {
  BINARY_TYPES,
  ELEMENTWISE_TYPES,
  type Operator,
  type OperatorType,
  type Shape,
  type Window,
} from '@leti/network'

/** An operator with the shapes of its inputs and of its output. */
export interface Sized {
  readonly operator: Operator
  readonly reads: readonly Shape[]
  readonly gives: readonly [height: number, width: number, channels: number]
}

/** One MiB: it takes much longer than the launch of an operator, but not long. */
const IMAGE = [64, 64, 64] as const
/** Channels that a convolution reads: so few that its work does not hide the operator after it. */
const CHANNELS = 8

const windowOf = (size: number): Window => ({
  size: [size, size],
  strides: [1, 1],
  padding: 'same',
})

/** Operators that are not elementwise: the next operator may run in their kernel. */
const OTHERS: readonly Sized[] = [
  {
    operator: { type: 'conv2d', filters: IMAGE[2], window: windowOf(1), bias: true },
    reads: [[64, 64, CHANNELS]],
    gives: IMAGE,
  },
  {
    operator: {
      type: 'transpose_conv2d',
      filters: IMAGE[2],
      window: windowOf(1),
      bias: true,
      outputSize: [64, 64],
    },
    reads: [[64, 64, CHANNELS]],
    gives: IMAGE,
  },
  {
    operator: { type: 'dense', units: IMAGE[2], bias: true },
    reads: [[64, 64, CHANNELS]],
    gives: IMAGE,
  },
  ...[
    { type: 'depthwise_conv2d', window: windowOf(3), bias: true } as const,
    { type: 'max_pool', window: windowOf(3) } as const,
    { type: 'avg_pool', window: windowOf(3) } as const,
    { type: 'batch_norm' } as const,
    { type: 'softmax' } as const,
    { type: 'transpose', permutation: [1, 0, 2] } as const,
  ].map((operator) => ({ operator, reads: [IMAGE], gives: IMAGE })),
  { operator: { type: 'concat' }, reads: [half(IMAGE), half(IMAGE)], gives: IMAGE },
  {
    operator: { type: 'mean', axes: [2], keepDims: true },
    reads: [[512, 512, 4]],
    gives: [512, 512, 1],
  },
]

function half([height, width, channels]: Sized['gives']): Shape {
  return [height, width, channels / 2]
}

/** Elementwise operators on inputs of this shape. */
function elementwise(shape: Sized['gives']): Sized[] {
  return [
    ...ELEMENTWISE_TYPES.map((type) => ({ operator: { type }, reads: [shape], gives: shape })),
    ...BINARY_TYPES.map((type) => ({ operator: { type }, reads: [shape, shape], gives: shape })),
  ]
}

const byType = (all: readonly Sized[]): ReadonlyMap<OperatorType, Sized> =>
  new Map(all.map((sized) => [sized.operator.type, sized]))

/** The operators that may come first in a pair. */
export const FIRSTS = byType([...OTHERS, ...elementwise(IMAGE)])

/** The operators that may come second in a pair, on an input of this shape. */
export const secondsOn = (shape: Sized['gives']): ReadonlyMap<OperatorType, Sized> =>
  byType(elementwise(shape))
