import { free, type Entries } from './entry.js'
import { isFlag, isIndex, isWindow, listOf } from './members.js'
import { isAxisOf, isImage, type Shape } from './shapes.js'
import { windowShape, type Window } from './windows.js'

export interface MaxPool {
  readonly type: 'max_pool'
  readonly window: Window
}

/** Mean over each window; padding is not counted. */
export interface AvgPool {
  readonly type: 'avg_pool'
  readonly window: Window
}

/** Mean over height and width: `[height, width, channels]` becomes `[channels]`. */
export interface GlobalAvgPool {
  readonly type: 'global_avg_pool'
}

/** Mean, sum, maximum or minimum over `axes`, counted without the batch; `keepDims` keeps them as axes of size 1. */
export interface Reduction {
  readonly type: 'mean' | 'reduce_sum' | 'reduce_max' | 'reduce_min'
  readonly axes: readonly number[]
  readonly keepDims: boolean
}

export type Pooling = MaxPool | AvgPool | GlobalAvgPool | Reduction

const POOL = {
  family: 'window',
  arity: 1,
  members: { window: isWindow },
  shape: ({ window }: MaxPool | AvgPool, [input]: readonly Shape[]) =>
    isImage(input) ? windowShape(window, input, input[2]) : undefined,
  cost: free,
} as const

const REDUCTION = {
  family: 'window',
  arity: 1,
  members: { axes: listOf(isIndex), keepDims: isFlag },
  shape: ({ axes, keepDims }: Reduction, [input]: readonly Shape[]) =>
    reduced(input, axes, keepDims),
  cost: free,
} as const

/** Operators that reduce a window or whole axes to one element. */
export const POOLINGS: Entries<Pooling> = {
  max_pool: POOL,
  avg_pool: POOL,
  global_avg_pool: {
    family: 'window',
    arity: 1,
    members: {},
    shape: (_pool, [input]) => (isImage(input) ? [input[2]] : undefined),
    cost: free,
  },
  mean: REDUCTION,
  reduce_sum: REDUCTION,
  reduce_max: REDUCTION,
  reduce_min: REDUCTION,
}

/** The shape after a reduction over `axes`; undefined if the input lacks one of them. */
function reduced(input: Shape, axes: readonly number[], keepDims: boolean): Shape | undefined {
  if (!axes.every((axis) => isAxisOf(input, axis))) return undefined
  if (keepDims) return input.map((size, axis) => (axes.includes(axis) ? 1 : size))
  return input.filter((_size, axis) => !axes.includes(axis))
}
