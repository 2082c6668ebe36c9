import { elements, type Operator, type Shape } from '@leti/network'
import { axesWithoutBatch, batchAxes, resolveRange, withoutBatch } from '../../../importer/axes.js'
import { resolvedShape } from '../../../importer/shapes.js'
import type { Arguments, KnownOperator } from './arguments.js'

/** An operator that changes nothing but the shape. */
export function reshape(args: Arguments): KnownOperator | undefined {
  const shape = args.outputShape ?? askedShape(args)
  return shape && args.unary({ type: 'reshape', shape })
}

/** What the operator's argument says, without batch. */
function askedShape(args: Arguments): Shape | undefined {
  const list = args.op.name === 'RESHAPE' ? args.integers(1) : undefined
  const shape = list && resolvedShape(list, elements(args.shape(0)))
  return shape && withoutBatch(shape)
}

export function squeeze(args: Arguments): KnownOperator | undefined {
  const axes = axesWithoutBatch(args.op.squeezeDims, args.shape(0))
  if (!axes) return undefined
  // None is all that there are; with the batch gone, the file's shape tells what is left.
  const isPlain = axes.length > 0 && axes.every((axis) => axis >= 0)
  return isPlain ? args.unary({ type: 'squeeze', axes }) : reshape(args)
}

export function mean(args: Arguments): KnownOperator | undefined {
  const list = args.integers(1)
  const counted = list && axesWithoutBatch(list, args.shape(0))
  if (!counted) return undefined
  // Their order says nothing; the mean of the batch is that of one.
  const axes = [...new Set(counted)].filter((axis) => axis >= 0).sort((a, b) => a - b)
  if (axes.length === 0) return reshape(args)
  const keepDims = args.options.keep_dims !== 0
  const isImage = withoutBatch(args.shape(0)).length === 3
  if (isImage && !keepDims && axes.join() === '0,1') return args.unary({ type: 'global_avg_pool' })
  return args.unary({ type: 'mean', axes, keepDims })
}

export function concat(args: Arguments): KnownOperator | undefined {
  const { inputs } = args
  if (inputs.length === 0 || !inputs.every((_index, input) => args.has(input))) return undefined
  const shapes = inputs.map((_index, input) => args.shape(input))
  const rank = shapes[0].length
  const axis = args.options.axis < 0 ? args.options.axis + rank : args.options.axis
  // Along the first axis, or where not all have a batch, the leading axes of size 1 count.
  const batch = axis > 0 && shapes.every((shape) => batchAxes(shape) === 1) ? 1 : 0
  const isOfChannels = axis === rank - 1
  return {
    operator: { type: 'concat', ...(!isOfChannels && { axis: axis - batch }) },
    inputs,
    inputShapes: shapes.map((shape) => shape.slice(batch)),
  }
}

export function transpose(args: Arguments): KnownOperator | undefined {
  const shape = args.shape(0)
  const list = args.integers(1)
  if (list?.length !== shape.length) return undefined
  // Where the batch goes among the other axes, the file's shape tells.
  if (list[0] !== 0 && !args.outputShape) return undefined
  const permutation = axesWithoutBatch(list, shape)?.filter((axis) => axis >= 0)
  return permutation && args.unary({ type: 'transpose', permutation })
}

export function pad(args: Arguments): KnownOperator | undefined {
  const list = args.integers(1)
  const shape = args.shape(0)
  if (list?.length !== 2 * shape.length || list.some((count) => count < 0)) return undefined
  const paddings = shape.map((_size, axis) => [list[2 * axis], list[2 * axis + 1]] as const)
  const batch = batchAxes(shape)
  if (batch && (list[0] > 0 || list[1] > 0)) return undefined
  return args.unary({ type: 'pad', paddings: paddings.slice(batch) })
}

export function slice(args: Arguments): KnownOperator | undefined {
  const shape = args.shape(0)
  const begin = args.integers(1)
  const size = args.integers(2)
  if (begin?.length !== shape.length || size?.length !== shape.length) return undefined
  const lengths = size.map((of, axis) => (of === -1 ? shape[axis] - begin[axis] : of))
  const batch = batchAxes(shape)
  return args.unary({ type: 'slice', begin: begin.slice(batch), size: lengths.slice(batch) })
}

export function stridedSlice(args: Arguments): KnownOperator | undefined {
  const shape = args.shape(0)
  const [begins, ends, strides] = [1, 2, 3].map((input) => args.integers(input))
  const { begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask } = args.options
  const isPlain = ellipsis_mask === 0 && new_axis_mask === 0 && args.options.offset === 0
  if (!isPlain || !begins || !ends || strides?.length !== shape.length) return undefined
  // An axis of which one index is taken goes: the file's shape tells.
  if (shrink_axis_mask !== 0 && !args.outputShape) return undefined
  if (strides.includes(0) || begins.length !== shape.length || ends.length !== shape.length) {
    return undefined
  }
  const ranges = shape.map((length, axis) => {
    const bit = 1 << axis
    const isOne = (shrink_axis_mask & bit) !== 0
    const first = begin_mask & bit ? undefined : begins[axis]
    const last = end_mask & bit ? undefined : ends[axis]
    const range = resolveRange(length, first, last, strides[axis])
    return isOne ? { begin: range.begin, size: 1 } : range
  })
  const kept = ranges.slice(batchAxes(shape))
  const steps = strides.slice(batchAxes(shape))
  const operator: Operator = {
    type: 'slice',
    begin: kept.map(({ begin }) => begin),
    size: kept.map(({ size }) => size),
    ...(steps.some((step) => step !== 1) && { strides: steps }),
  }
  return args.unary(operator)
}
