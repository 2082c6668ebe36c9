import { elements, type Shape } from '@leti/network'
import type { Operation, Result } from './operation.js'
import type { Value } from './value.js'

// TensorFlow stacks parts of an image as a batch for a convolution with gaps.
// https://www.tensorflow.org/api_docs/python/tf/space_to_batch_nd

type Pairs = readonly (readonly [number, number])[]

/**
 * Pads an image, and stacks the pixels at each place of a block along the batch, which must be 1.
 *
 * @param paddings for each axis of the block
 */
export function spaceToBatch(op: Operation, input: Value, block: Shape, paddings: Pairs): Result {
  const none = input.shape.map(() => [0, 0] as const)
  const padded = op.named('pad').pad(input, [none[0], ...paddings, ...none.slice(block.length + 1)])
  if (padded?.shape[0] !== 1 || paddings.length !== block.length) return undefined
  const [, ...shape] = padded.shape
  const sizes = block.map((of, axis) => shape[axis] / of)
  const rest = shape.slice(block.length)
  if (!sizes.every((size) => Number.isInteger(size) && size > 0)) return undefined
  const split = block.flatMap((of, axis) => [sizes[axis], of])
  const order = [
    ...block.map((_, axis) => 2 * axis + 1),
    ...block.map((_, axis) => 2 * axis),
    ...rest.map((_, axis) => 2 * block.length + axis),
  ]
  const after = [elements(block), ...sizes, ...rest]
  return moved(op, padded, [...split, ...rest], order, after)
}

/** The inverse of `spaceToBatch`: what was padded is cut off. */
export function batchToSpace(op: Operation, input: Value, block: Shape, crops: Pairs): Result {
  const [count, ...shape] = input.shape
  if (count !== elements(block) || crops.length !== block.length) return undefined
  const sizes = shape.slice(0, block.length)
  const rest = shape.slice(block.length)
  const order = [
    ...block.flatMap((_, axis) => [block.length + axis, axis]),
    ...rest.map((_, axis) => 2 * block.length + axis),
  ]
  const full = sizes.map((size, axis) => size * block[axis])
  const whole = moved(op.named('whole'), input, [...block, ...shape], order, [1, ...full, ...rest])
  const left = full.map((size, axis) => size - crops[axis][0] - crops[axis][1])
  const begin = [0, ...crops.map(([before]) => before), ...rest.map(() => 0)]
  return whole && op.slice(whole, begin, [1, ...left, ...rest])
}

function moved(
  op: Operation,
  value: Value,
  parts: Shape,
  order: readonly number[],
  after: Shape,
): Result {
  const split = op.named('split').reshape(value, [1, ...parts])
  const turned = split && op.named('moved').transpose(split, [0, ...order.map((axis) => axis + 1)])
  return turned && op.reshape(turned, after)
}
