import { elements } from '@leti/network'
import { isConstant } from '../../importer/value.js'
import { axesOf, resolvedShape } from '../../importer/shapes.js'
import type { Call, NodeResult, Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'
import { regroup } from './regroup.js'

// Operators that change the shape or the order of axes.

export const SHAPES: Readers = [
  ['Reshape', reshape],
  ['Flatten', flatten],
  ['Squeeze', squeeze],
  ['Unsqueeze', unsqueeze],
  ['Transpose', transpose],
]

/** A size of 0 keeps the input's size, unless `allowzero` is set. */
function reshape(call: Call): NodeResult {
  const sizes = call.intsOrInput('shape', 1)
  const { shape } = call.input(0)
  const kept = sizes?.map((size, axis) =>
    size === 0 && !call.int('allowzero') ? shape[axis] : size,
  )
  return kept && reshaped(call, kept)
}

function flatten(call: Call): NodeResult {
  const { shape } = call.input(0)
  const axis = call.int('axis', 1)
  const at = axis < 0 ? axis + shape.length : axis
  return reshaped(call, [elements(shape.slice(0, at)), elements(shape.slice(at))])
}

function unsqueeze(call: Call): NodeResult {
  const { shape } = call.input(0)
  const list = call.intsOrInput('axes', 1)
  const axes = list && axesOf(list, shape.length + list.length)
  if (!axes) return undefined
  let widened = shape
  for (const axis of axes.toSorted((a, b) => a - b)) widened = widened.toSpliced(axis, 0, 1)
  return reshaped(call, widened)
}

function squeeze(call: Call): NodeResult {
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

/**
 * Gives a tensor another shape. Its elements move only if the file joins axes that are not neighbors
 * in the network.
 */
function reshaped(call: Call, sizes: readonly number[]): NodeResult {
  const { op } = call
  const input = call.input(0)
  const before = input.shape
  const after = resolvedShape(sizes, elements(before))
  if (!after) return undefined
  if (isConstant(input.value) || elements(before) === 0) {
    const plain = input.plain(op)
    const value = plain && op.reshape(plain, after)
    return value && new OrderedTensor(value)
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
  return value && new OrderedTensor(value, order)
}

/** Reorders the axes of a computed tensor; no element moves. */
function transpose(call: Call): NodeResult {
  const input = call.input(0)
  const { order, value } = input
  const permutation = call.ints('perm') ?? order.map((_, axis) => order.length - 1 - axis)
  const isPermutation =
    permutation.length === order.length && order.every((axis) => permutation.includes(axis))
  if (!isPermutation) return undefined
  if (isConstant(value)) {
    const constant = call.op.folding.transposed(value, permutation)
    return constant && new OrderedTensor(constant)
  }
  return new OrderedTensor(
    value,
    order.map((axis) => permutation.indexOf(axis)),
  )
}
