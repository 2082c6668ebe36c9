import { broadcast } from '@leti/network'
import { isConstant } from '../../importer/value.js'
import { tiled } from '../../importer/repeated.js'
import type { Call, NodeResult, Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'

// Operators that write elements several times.

export const COPIES: Readers = [
  ['Expand', expand],
  ['Tile', tile],
]

/** Broadcasts a tensor to a shape. */
function expand(call: Call): NodeResult {
  const input = call.input(0)
  const sizes = call.numbers(1)
  const shape = sizes && broadcast([input.shape, sizes])
  if (!shape) return undefined
  if (isConstant(input.value)) {
    const result = call.op.folding.expanded(input.value, shape)
    return result && new OrderedTensor(result)
  }
  const wide = widened(call, input, shape.length - input.order.length)
  return (
    wide &&
    copied(
      call,
      wide,
      shape.map((size, axis) => size / wide.shape[axis]),
    )
  )
}

function tile(call: Call): NodeResult {
  const input = call.input(0)
  const repeats = call.numbers(1)
  if (repeats?.length !== input.order.length) return undefined
  return copied(call, input, repeats)
}

/** @param repeats for each axis of the file */
function copied(
  call: Call,
  { value, order }: OrderedTensor,
  repeats: readonly number[],
): NodeResult {
  const result = tiled(
    call.op,
    value,
    order.map((axis) => repeats[axis]),
  )
  return result && new OrderedTensor(result, order)
}

/** A tensor with further leading axes of size 1. */
function widened(call: Call, input: OrderedTensor, count: number): OrderedTensor | undefined {
  if (count === 0) return input
  const plain = input.plain(call.op)
  const ones = new Array<number>(count).fill(1)
  const value = plain && call.op.named('wide').reshape(plain, [...ones, ...input.shape])
  return value && new OrderedTensor(value)
}
