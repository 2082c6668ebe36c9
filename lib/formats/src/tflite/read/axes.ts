import { elements, sameShape, type Shape } from '@leti/network'
import { isConstant, type Value } from '../../importer/value.js'
import {
  equalLengths,
  pack as packed,
  split as parts,
  unpack as unpacked,
} from '../../importer/parts.js'
import { batchToSpace, spaceToBatch } from '../../importer/batch-space.js'
import { reversed } from '../../importer/composed.js'
import { mirrored } from '../../importer/repeated.js'
import { axesOf, axisOf, resolvedShape } from '../../importer/shapes.js'
import { entriesOf, stridedSlice as sliced } from '../../importer/strided-slice.js'
import type { ReductionType } from '../../importer/operation.js'
import type { Call, OperatorReader, OperatorResult, Readers } from './call.js'

// Operators that rearrange elements along axes. Axes count the batch and may be negative.

export const MOVEMENTS = {
  MEAN: reduction('mean'),
  SUM: reduction('reduce_sum'),
  REDUCE_MAX: reduction('reduce_max'),
  REDUCE_MIN: reduction('reduce_min'),
  CONCATENATION: concat,
  PACK: pack,
  UNPACK: unpack,
  SPLIT: split,
  SPLIT_V: splitV,
  SLICE: slice,
  STRIDED_SLICE: stridedSlice,
  PAD: pad,
  PADV2: padWith,
  MIRROR_PAD: mirrorPad,
  REVERSE_V2: reverse,
  SPACE_TO_BATCH_ND: blocks(spaceToBatch),
  BATCH_TO_SPACE_ND: blocks(batchToSpace),
  RESHAPE: reshape,
  EXPAND_DIMS: expandDims,
  SQUEEZE: squeeze,
  TRANSPOSE: transpose,
} as const satisfies Readers

/** The new shape is the second input, or in the options, or else that of the output in the file. */
function reshape(call: Call): OperatorResult {
  const { op, node } = call
  const input = call.input(0)
  const inOptions = node.newShape.length > 0 ? node.newShape : undefined
  const sizes = call.has(1) ? call.numbers(1) : inOptions
  const shapes = [sizes, sizes && call.atBatchOne(sizes), call.outputShape]
  const count = elements(input.shape)
  const shape = shapes.map((of) => of && resolvedShape(of, count)).find((of) => of !== undefined)
  return shape && op.reshape(input, shape)
}

function expandDims(call: Call): OperatorResult {
  const input = call.input(0)
  const axis = axisOf(call.numbers(1)?.[0], input.shape.length + 1)
  return axis === undefined ? undefined : call.op.reshape(input, input.shape.toSpliced(axis, 0, 1))
}

function squeeze({ node, op, input }: Call): OperatorResult {
  return op.squeeze(input(0), node.squeezeDims)
}

function transpose(call: Call): OperatorResult {
  const input = call.input(0)
  const permutation = axesOf(call.numbers(1) ?? [], input.shape.length)
  return permutation && call.op.transpose(input, permutation)
}

function reduction(type: ReductionType): OperatorReader {
  return (call) => {
    const axes = call.numbers(1)
    return axes && call.op.reduced(type, call.computed(0), axes, call.options.keep_dims !== 0)
  }
}

function concat(call: Call): OperatorResult {
  const { op, options } = call
  const inputs = call.all()
  const axis = axisOf(options.axis, inputs[0]?.shape.length ?? 0)
  if (axis === undefined) return undefined
  if (axis > 0 || inputs.every(isConstant)) return op.concat(inputs, axis)
  const whole = inputs.map((input) => op.assembly.whole(`${op.name}/input`, input))
  return op.concat(whole, axis)
}

function pad(call: Call): OperatorResult {
  const paddings = paddingsOf(call)
  return paddings && call.op.pad(call.computed(0), paddings)
}

/** `MirrorPadMode`: 0 leaves out the elements at the edges, 1 repeats them. */
function mirrorPad(call: Call): OperatorResult {
  const paddings = paddingsOf(call)
  return paddings && mirrored(call.op, call.computed(0), paddings, call.options.mode === 1)
}

/** Inputs: an image, a block, and what is padded or cropped along each of its axes. */
function blocks(move: typeof spaceToBatch): OperatorReader {
  return (call) => {
    const [block, list] = [call.numbers(1), call.numbers(2)]
    if (!block || list?.length !== 2 * block.length) return undefined
    const pairs = block.map((_, axis) => [list[2 * axis], list[2 * axis + 1]] as const)
    return move(call.op, call.computed(0), block, pairs)
  }
}

function reverse(call: Call): OperatorResult {
  const axes = call.numbers(1)
  return axes && reversed(call.op, call.computed(0), axes)
}

function paddingsOf(call: Call): (readonly [number, number])[] | undefined {
  const list = call.numbers(1)
  const { shape } = call.input(0)
  if (list?.length !== 2 * shape.length) return undefined
  return shape.map((_, axis) => [list[2 * axis], list[2 * axis + 1]])
}

/** Only padding with zeros is known. */
function padWith(call: Call): OperatorResult {
  return call.scalar(2) === 0 ? pad(call) : undefined
}

function slice(call: Call): OperatorResult {
  const input = call.input(0)
  const begin = call.numbers(1)
  const size = call.numbers(2)
  if (!begin || !size) return undefined
  const lengths = size.map((of, axis) => (of === -1 ? input.shape[axis] - begin[axis] : of))
  return call.op.slice(input, begin, lengths)
}

function stridedSlice(call: Call): OperatorResult {
  const { op, options } = call
  const [begins, ends, strides] = [1, 2, 3].map((index) => call.numbers(index))
  if (!begins || !ends || !strides || options.offset !== 0) return undefined
  const entries = entriesOf({
    begins,
    ends,
    strides,
    beginMask: options.begin_mask,
    endMask: options.end_mask,
    ellipsisMask: options.ellipsis_mask,
    newAxisMask: options.new_axis_mask,
    shrinkAxisMask: options.shrink_axis_mask,
  })
  const result = entries && sliced(op, call.input(0), entries)
  return result && inShape(call, result.value, result.shape)
}

function inShape({ op }: Call, value: Value, shape: Shape): OperatorResult {
  if (sameShape(value.shape, shape)) return value
  return isConstant(value)
    ? op.folding.reshaped(value, shape)
    : op.assembly.settled(op.name, value, shape)
}

/** The axis comes first, then the tensor. */
function split(call: Call): OperatorResult {
  const input = call.input(1)
  const axis = axisOf(call.numbers(0)?.[0], input.shape.length)
  if (axis === undefined) return undefined
  const lengths = equalLengths(input.shape[axis], call.options.num_splits)
  return lengths && parts(call.op, input, axis, lengths)
}

/** The tensor comes first, then the lengths, one of which may be -1, then the axis. */
function splitV(call: Call): OperatorResult {
  const input = call.input(0)
  const axis = axisOf(call.numbers(2)?.[0], input.shape.length)
  const sizes = call.numbers(1)
  if (axis === undefined || !sizes) return undefined
  const known = sizes.reduce((sum, size) => (size === -1 ? sum : sum + size), 0)
  const lengths = sizes.map((size) => (size === -1 ? input.shape[axis] - known : size))
  return parts(call.op, input, axis, lengths)
}

function pack(call: Call): OperatorResult {
  return packed(call.op, call.all(), call.options.axis)
}

function unpack({ op, input, options }: Call): OperatorResult {
  return unpacked(op, input(0), options.axis)
}
