import type { Shape } from '@leti/network'
import { isConstant } from '../../importer/value.js'
import { resolveRange } from '../../importer/axes.js'
import { split as splitInto } from '../../importer/parts.js'
import { axesOf, axisOf } from '../../importer/shapes.js'
import type { Call, NodeResult, Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'

// Operators that take parts of tensors, or put them together.

export const SLICES: Readers = [
  ['Concat', concat],
  ['Split', split],
  ['Slice', slice],
  ['Gather', gather],
]

export function concat(call: Call): NodeResult {
  const aligned = call.aligned()
  const axis = axisOf(call.int('axis'), aligned?.order.length ?? 0)
  if (!aligned || axis === undefined) return undefined
  const value = call.op.concat(aligned.values, aligned.order.indexOf(axis))
  return value && new OrderedTensor(value, aligned.order)
}

/** The arguments are attributes before version 10 of the operator set, and inputs since. */
function slice(call: Call): NodeResult {
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

/** Parts of the given sizes; otherwise equal parts, of which the last may be smaller. */
function split(call: Call): NodeResult {
  const { value, shape, order } = call.input(0)
  const axis = axisOf(call.int('axis'), shape.length)
  if (axis === undefined) return undefined
  const count = call.node.outputs.length
  const sizes =
    call.ints('split') ?? (call.has(1) ? call.numbers(1) : equalSizes(shape[axis], count))
  if (sizes?.length !== count) return undefined
  const parts = splitInto(call.op, value, order.indexOf(axis), sizes)
  return parts?.map((part) => new OrderedTensor(part, order))
}

function equalSizes(length: number, count: number): number[] {
  const size = Math.ceil(length / count)
  return Array.from({ length: count }, (_, at) => Math.min(size, length - at * size))
}

function sliced(call: Call, begin: Shape, size: Shape, stride?: Shape): OrderedTensor | undefined {
  const { value, order } = call.input(0)
  const ordered = (list: Shape): number[] => order.map((axis) => list[axis])
  return call.like(call.op.slice(value, ordered(begin), ordered(size), stride && ordered(stride)))
}

/** Any indices of a constant; a single index of a computed tensor, whose axis is dropped. */
function gather(call: Call): NodeResult {
  const { value, order } = call.input(0)
  const indices = call.constant(1)
  const axis = axisOf(call.int('axis'), order.length)
  const numbers = call.numbers(1)
  if (axis === undefined || !indices || !numbers) return undefined
  if (isConstant(value)) {
    const result = call.op.folding.gathered(value, axis, numbers, indices.shape)
    return result && new OrderedTensor(result)
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

function withoutAxis(call: Call, { value, order }: OrderedTensor, axis: number): NodeResult {
  const place = order.indexOf(axis)
  const result = call.op.named('index').reshape(value, value.shape.toSpliced(place, 1))
  const left = order.filter((of) => of !== axis).map((of) => (of > axis ? of - 1 : of))
  return result && new OrderedTensor(result, left)
}
