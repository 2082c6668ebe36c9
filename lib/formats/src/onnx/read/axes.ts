import { elements, type Shape } from '@leti/network'
import { resolveRange } from '../../importer/axes.js'
import { isConstant, type Value } from '../../importer/activation.js'
import { constantOf, scalarOf } from '../../importer/constant.js'
import { axesOf, axisOf, resolvedShape } from '../../importer/shapes.js'
import type { Call, NodeResult } from './call.js'
import { Oriented } from './oriented.js'
import { regroup } from './regroup.js'

/** The most parts that a tensor is split into. */
const MAX_PARTS = 1024

export function reshape(call: Call): NodeResult {
  const sizes = call.intsOrInput('shape', 1)
  const { shape } = call.input(0)
  const kept = sizes?.map((size, axis) =>
    size === 0 && !call.int('allowzero') ? shape[axis] : size,
  )
  return kept && reshaped(call, kept)
}

export function flatten(call: Call): NodeResult {
  const { shape } = call.input(0)
  const axis = call.int('axis', 1)
  const at = axis < 0 ? axis + shape.length : axis
  return reshaped(call, [elements(shape.slice(0, at)), elements(shape.slice(at))])
}

export function unsqueeze(call: Call): NodeResult {
  const { shape } = call.input(0)
  const list = call.intsOrInput('axes', 1)
  const axes = list && axesOf(list, shape.length + list.length)
  if (!axes) return undefined
  let widened = shape
  for (const axis of axes.toSorted((a, b) => a - b)) widened = widened.toSpliced(axis, 0, 1)
  return reshaped(call, widened)
}

export function squeeze(call: Call): NodeResult {
  const { shape } = call.input(0)
  const list = call.intsOrInput('axes', 1)
  const axes = list
    ? axesOf(list, shape.length)
    : shape.map((_, axis) => axis).filter((axis) => shape[axis] === 1)
  if (!axes?.every((axis) => shape[axis] === 1)) return undefined
  return reshaped(
    call,
    shape.filter((_, axis) => !axes.includes(axis)),
  )
}

/** Another shape: the data move only where axes come together that lie apart in the network. */
function reshaped(call: Call, sizes: readonly number[]): NodeResult {
  const { op } = call
  const input = call.input(0)
  const before = input.shape
  const after = resolvedShape(sizes, elements(before))
  if (!after) return undefined
  if (isConstant(input.value) || elements(before) === 0) {
    const plain = input.plain(op)
    const value = plain && op.reshape(plain, after)
    return value && new Oriented(value)
  }
  const place = (axes: readonly number[]): number =>
    Math.min(...axes.map((axis) => input.order.indexOf(axis)))
  const groups = regroup(before, after).sort((a, b) => place(a.from) - place(b.from))
  const moved = input.inOrder(
    op,
    groups.flatMap(({ from }) => from),
  )
  const order = groups.flatMap(({ to }) => to)
  const value =
    moved &&
    op.reshape(
      moved,
      order.map((axis) => after[axis]),
    )
  return value && new Oriented(value, order)
}

/** Nothing moves: the axes have other names. */
export function transpose(call: Call): NodeResult {
  const input = call.input(0)
  const { order, value } = input
  const permutation = call.ints('perm') ?? order.map((_, axis) => order.length - 1 - axis)
  const isPermutation =
    permutation.length === order.length && order.every((axis) => permutation.includes(axis))
  if (!isPermutation) return undefined
  if (isConstant(value)) {
    const constant = call.op.folding.transposed(value, permutation)
    return constant && new Oriented(constant)
  }
  return new Oriented(
    value,
    order.map((axis) => permutation.indexOf(axis)),
  )
}

export function concat(call: Call): NodeResult {
  const aligned = call.aligned()
  const axis = axisOf(call.int('axis'), aligned?.order.length ?? 0)
  if (!aligned || axis === undefined) return undefined
  const value = call.op.concat(aligned.values, aligned.order.indexOf(axis))
  return value && new Oriented(value, aligned.order)
}

export function slice(call: Call): NodeResult {
  const { shape } = call.input(0)
  const starts = call.intsOrInput('starts', 1)
  const ends = call.intsOrInput('ends', 2)
  const listed =
    call.ints('axes') ?? (call.has(3) ? call.numbers(3) : starts?.map((_, axis) => axis))
  const steps = call.has(4) ? call.numbers(4) : starts?.map(() => 1)
  const axes = listed && axesOf(listed, shape.length)
  if (!starts || !ends || !axes || !steps || steps.includes(0)) return undefined
  if (![ends, axes, steps].every(({ length }) => length === starts.length)) return undefined
  const begin = shape.map(() => 0)
  const size = [...shape]
  const stride = shape.map(() => 1)
  axes.forEach((axis, at) => {
    const range = resolveRange(shape[axis], starts[at], ends[at], steps[at])
    begin[axis] = range.begin
    size[axis] = range.size
    stride[axis] = steps[at]
  })
  return sliced(call, begin, size, stride)
}

export function split(call: Call): NodeResult {
  const { shape } = call.input(0)
  const axis = axisOf(call.int('axis'), shape.length)
  if (axis === undefined) return undefined
  const count = call.node.outputs.length
  const part = Math.ceil(shape[axis] / count)
  const sizes =
    call.ints('split') ??
    (call.has(1)
      ? call.numbers(1)
      : Array.from({ length: count }, (_, at) => Math.min(part, shape[axis] - at * part)))
  if (sizes?.length !== count || count > MAX_PARTS) return undefined
  let start = 0
  const parts = sizes.map((size) => {
    const begin = shape.map((_, at) => (at === axis ? start : 0))
    start += size
    return sliced(call, begin, shape.with(axis, size))
  })
  return parts.every((of) => of !== undefined) ? parts : undefined
}

function sliced(call: Call, begin: Shape, size: Shape, stride?: Shape): Oriented | undefined {
  const { value, order } = call.input(0)
  const ordered = (list: Shape): number[] => order.map((axis) => list[axis])
  return call.like(call.op.slice(value, ordered(begin), ordered(size), stride && ordered(stride)))
}

export function pad(call: Call): NodeResult {
  const { value, order } = call.input(0)
  const pads = call.intsOrInput('pads', 1)
  const isOfZeros = call.text('mode', 'constant') === 'constant' && padValue(call) === 0
  const axes = call.has(3) ? call.numbers(3) : order.map((_, axis) => axis)
  const found = axes && axesOf(axes, order.length)
  if (!isOfZeros || !found || pads?.length !== 2 * found.length) return undefined
  const paddings = order.map((axis) => {
    const at = found.indexOf(axis)
    return at < 0 ? ([0, 0] as const) : ([pads[at], pads[at + found.length]] as const)
  })
  return call.like(call.op.pad(value, paddings))
}

function padValue(call: Call): number | undefined {
  return call.attribute('value') ? call.float('value') : call.scalar(2, 0)
}

export function reduceMean(call: Call): NodeResult {
  const { value, order } = call.input(0)
  const list = call.intsOrInput('axes', 1) ?? order.map((_, axis) => axis)
  const axes = axesOf(list, order.length)
  if (!axes) return undefined
  const keepDims = call.int('keepdims', 1) !== 0
  const places = axes.map((axis) => order.indexOf(axis))
  const result = call.op.mean(value, places, keepDims)
  if (!result || keepDims) return result && new Oriented(result, order)
  const left = order.filter((axis) => !axes.includes(axis))
  const rank = (axis: number): number => left.filter((other) => other < axis).length
  return new Oriented(result, left.map(rank))
}

export function softmax(call: Call): NodeResult {
  const input = call.input(0)
  const rank = input.order.length
  const axis = axisOf(call.int('axis', call.opset < 13 ? 1 : -1), rank)
  if (axis === undefined) return undefined
  // Older versions flatten all axes from this one on.
  if (call.opset < 13 && elements(input.shape.slice(axis + 1)) !== 1) return undefined
  const isLast = input.order[rank - 1] === axis
  const order = isLast ? input.order : [...input.order.filter((of) => of !== axis), axis]
  const value = input.inOrder(call.op, order)
  const result = value && call.op.softmax(value, -1)
  return result && new Oriented(result, order)
}

export function shapeOf(call: Call): NodeResult {
  const { shape } = call.input(0)
  const from = call.int('start')
  const to = call.attribute('end') ? call.int('end') : shape.length
  return new Oriented(constantOf(shape.slice(from, to)))
}

export function gather(call: Call): NodeResult {
  const { value, order } = call.input(0)
  const indices = call.constant(1)
  const axis = axisOf(call.int('axis'), order.length)
  const numbers = call.numbers(1)
  if (axis === undefined || !indices || !numbers) return undefined
  if (isConstant(value)) {
    const result = call.op.folding.gathered(value, axis, numbers, indices.shape)
    return result && new Oriented(result)
  }
  const [index] = numbers
  if (indices.shape.length > 0 || index === undefined) return undefined
  const { shape } = call.input(0)
  const at = index < 0 ? index + shape[axis] : index
  const part = sliced(
    call,
    shape.map((_, of) => (of === axis ? at : 0)),
    shape.with(axis, 1),
  )
  return part && withoutAxis(call, part, axis)
}

function withoutAxis(call: Call, { value, order }: Oriented, axis: number): NodeResult {
  const place = order.indexOf(axis)
  const result: Value | undefined = call.op
    .named('index')
    .reshape(value, value.shape.toSpliced(place, 1))
  const left = order.filter((of) => of !== axis).map((of) => (of > axis ? of - 1 : of))
  return result && new Oriented(result, left)
}

export function constantOfShape(call: Call, value: ReturnType<Call['constant']>): NodeResult {
  const shape = call.numbers(0)
  const result = shape && call.op.folding.expanded(value ?? constantOf([0], [1], true), shape)
  return result && new Oriented(result)
}

export function expand(call: Call): NodeResult {
  const { value } = call.input(0)
  const shape = call.numbers(1)
  if (!shape || !isConstant(value)) return undefined
  const result = call.op.folding.expanded(value, shape)
  return result && new Oriented(result)
}

export function range(call: Call): NodeResult {
  const [start, limit, step] = [0, 1, 2].map((index) => scalarOf(call.constant(index)))
  if (start === undefined || limit === undefined || !step) return undefined
  const length = Math.max(Math.ceil((limit - start) / step), 0)
  if (!(length <= 4096)) return undefined
  const values = Array.from({ length }, (_, index) => start + index * step)
  return new Oriented(constantOf(values, [length], call.constant(0)?.isFloat))
}
