import { free, unchanged, type Entries } from './entry.js'
import { isCount, isIndex, isShape, isStride, listOf, optional, pairOf } from './members.js'
import { channelsOf, elements, isAxisOf, isImage, sameShape, type Shape } from './shapes.js'

/** Concatenation along an axis, counted without the batch; the last axis if absent. */
export interface Concat {
  readonly type: 'concat'
  readonly axis?: number
}

/** Interleaves `groups` blocks of channels, so that the groups of grouped convolutions mix. */
export interface ChannelShuffle {
  readonly type: 'channel_shuffle'
  readonly groups: number
}

/** Zeros in the shape of the input: an eager framework multiplies by 0, a converter folds it away. */
export interface Zeros {
  readonly type: 'zeros'
}

/** The first `channels` channels. */
export interface Truncate {
  readonly type: 'truncate'
  readonly channels: number
}

/** `size` elements of each axis, starting at `begin`, `strides` apart; strides of 1 if absent. */
export interface Slice {
  readonly type: 'slice'
  readonly begin: readonly number[]
  readonly size: readonly number[]
  readonly strides?: readonly number[]
}

/** Adds zeros before and after the elements of each axis. */
export interface Pad {
  readonly type: 'pad'
  readonly paddings: readonly (readonly [before: number, after: number])[]
}

export interface Reshape {
  readonly type: 'reshape'
  readonly shape: Shape
}

/** Drops axes of size 1. */
export interface Squeeze {
  readonly type: 'squeeze'
  readonly axes: readonly number[]
}

/** Axis `i` of the output is axis `permutation[i]` of the input, both counted without the batch. */
export interface Transpose {
  readonly type: 'transpose'
  readonly permutation: readonly number[]
}

/** Turns channels into blocks of `blockSize` x `blockSize` pixels. */
export interface DepthToSpace {
  readonly type: 'depth_to_space'
  readonly blockSize: number
}

export type Movement =
  | Concat
  | ChannelShuffle
  | Zeros
  | Truncate
  | Slice
  | Pad
  | Reshape
  | Squeeze
  | Transpose
  | DepthToSpace

/** Operators that copy elements and compute nothing. */
export const MOVEMENTS: Entries<Movement> = {
  concat: {
    family: 'movement',
    arity: { atLeast: 1 },
    members: { axis: optional(isIndex) },
    shape: ({ axis }, inputs) => concatenated(inputs, axis ?? inputs[0].length - 1),
    cost: free,
  },
  channel_shuffle: {
    family: 'movement',
    arity: 1,
    members: { groups: isCount },
    shape: ({ groups }, [input]) => (isImage(input) && input[2] % groups === 0 ? input : undefined),
    cost: free,
  },
  zeros: {
    family: 'movement',
    arity: 1,
    members: {},
    unmeasurable: true,
    shape: unchanged,
    cost: free,
  },
  truncate: {
    family: 'movement',
    arity: 1,
    members: { channels: isCount },
    shape: ({ channels }, [input]) =>
      isImage(input) && channels <= input[2] ? input.with(2, channels) : undefined,
    cost: free,
    resized: (truncate, replaced) => ({ ...truncate, channels: replaced(truncate.channels) }),
  },
  slice: {
    family: 'movement',
    arity: 1,
    members: { begin: listOf(isIndex), size: isShape, strides: optional(listOf(isStride)) },
    shape: (slice, [input]) => sliced(input, slice),
    cost: free,
  },
  pad: {
    family: 'movement',
    arity: 1,
    members: { paddings: listOf(pairOf(isIndex)) },
    shape: ({ paddings }, [input]) =>
      paddings.length === input.length
        ? input.map((size, axis) => size + paddings[axis][0] + paddings[axis][1])
        : undefined,
    cost: free,
  },
  reshape: {
    family: 'movement',
    arity: 1,
    members: { shape: isShape },
    shape: ({ shape }, [input]) => (elements(input) === elements(shape) ? shape : undefined),
    cost: free,
  },
  squeeze: {
    family: 'movement',
    arity: 1,
    members: { axes: listOf(isIndex) },
    shape: ({ axes }, [input]) =>
      axes.every((axis) => input[axis] === 1)
        ? input.filter((_size, axis) => !axes.includes(axis))
        : undefined,
    cost: free,
  },
  transpose: {
    family: 'movement',
    arity: 1,
    members: { permutation: listOf(isIndex) },
    shape: ({ permutation }, [input]) => permuted(input, permutation),
    cost: free,
  },
  depth_to_space: {
    family: 'movement',
    arity: 1,
    members: { blockSize: isCount },
    shape: ({ blockSize }, [input]) => {
      const channels = channelsOf(input) / blockSize ** 2
      if (!isImage(input) || !Number.isInteger(channels)) return undefined
      return [input[0] * blockSize, input[1] * blockSize, channels]
    },
    cost: free,
  },
}

function concatenated(inputs: readonly Shape[], axis: number): Shape | undefined {
  const [first] = inputs
  if (!isAxisOf(first, axis)) return undefined
  let size = 0
  for (const shape of inputs) {
    if (shape.length !== first.length) return undefined
    if (!sameShape(shape.with(axis, 0), first.with(axis, 0))) return undefined
    size += shape[axis]
  }
  return first.with(axis, size)
}

function sliced(input: Shape, { begin, size, strides }: Slice): Shape | undefined {
  const fits = input.every((length, axis) => {
    const last = begin[axis] + (size[axis] - 1) * (strides?.[axis] ?? 1)
    return size[axis] > 0 && begin[axis] >= 0 && begin[axis] < length && last >= 0 && last < length
  })
  return fits && size.length === input.length ? size : undefined
}

function permuted(input: Shape, permutation: readonly number[]): Shape | undefined {
  const isPermutation =
    permutation.length === input.length && input.every((_size, axis) => permutation.includes(axis))
  return isPermutation ? permutation.map((axis) => input[axis]) : undefined
}
