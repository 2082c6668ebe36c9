import { broadcast, sameShape, type Shape } from '@leti/network'
import { isConstant, type Value } from './value.js'
import type { Operation, Result } from './operation.js'

// Operators that write elements of a tensor several times, as slices and concatenations.

/** Limit on the copies along an axis, or on the rows that are mirrored. */
const MAX_COPIES = 1024

/** Repeats a tensor along each of its axes. */
export function tiled(op: Operation, input: Value, repeats: readonly number[]): Result {
  const { shape } = input
  const fits = repeats.every((count) => Number.isInteger(count) && count > 0 && count <= MAX_COPIES)
  if (repeats.length !== shape.length || !fits) return undefined
  return repeats.reduce<Result>((result, count, axis) => {
    if (!result || count === 1) return result
    return op.named(`copies${axis}`).concat(new Array<Value>(count).fill(result), axis)
  }, input)
}

/** Repeats a tensor along the axes on which it has one element, or which it lacks, until it has the shape. */
export function broadcastTo(op: Operation, input: Value, shape: Shape): Result {
  if (!sameShape(broadcast([input.shape, shape]) ?? [], shape)) return undefined
  if (isConstant(input)) return op.folding.expanded(input, shape)
  const ones = new Array<number>(shape.length - input.shape.length).fill(1)
  const wide = op.named('wide').reshape(input, [...ones, ...input.shape])
  const repeats = wide && shape.map((size, axis) => size / wide.shape[axis])
  return wide && repeats && tiled(op, wide, repeats)
}

/**
 * Pads with the elements of the tensor itself, mirrored at its edges.
 *
 * @param paddings number of elements before and after, for each axis
 * @param isSymmetric whether the elements at the edges are repeated too
 */
export function mirrored(
  op: Operation,
  input: Value,
  paddings: readonly (readonly [number, number])[],
  isSymmetric: boolean,
): Result {
  const { shape } = input
  const skipped = isSymmetric ? 0 : 1
  const fits = paddings.every((pads, axis) =>
    pads.every((pad) => Number.isInteger(pad) && pad >= 0 && pad <= shape[axis] - skipped),
  )
  if (isConstant(input) || paddings.length !== shape.length || !fits) return undefined
  return paddings.reduce<Result>(
    (result, pads, axis) => result && mirroredAxis(op, result, axis, pads, skipped),
    input,
  )
}

function mirroredAxis(
  op: Operation,
  input: Value,
  axis: number,
  [before, after]: readonly [number, number],
  skipped: number,
): Result {
  if (before + after === 0) return input
  const length = input.shape[axis]
  // The rows of a part are taken backwards, from `first` on.
  const part = (name: string, first: number, count: number): Result[] =>
    count === 0
      ? []
      : [
          op.named(`${name}${axis}`).slice(
            input,
            input.shape.map((_, at) => (at === axis ? first : 0)),
            input.shape.with(axis, count),
            input.shape.map((_, at) => (at === axis ? -1 : 1)),
          ),
        ]
  const parts = [
    ...part('before', before - 1 + skipped, before),
    input,
    ...part('after', length - 1 - skipped, after),
  ]
  return parts.every((value) => value !== undefined)
    ? op.named(`mirrored${axis}`).concat(parts, axis)
    : undefined
}
