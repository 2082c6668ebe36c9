import type { Value } from './value.js'
import type { Operation, Result } from './operation.js'
import { axisOf } from './shapes.js'

// Splitting a tensor along an axis, and stacking tensors along a new one.

/** Limit on the outputs of an operator. */
const MAX_PARTS = 1024

/** Splits a tensor along an axis into parts of these lengths; undefined if they do not fit. */
export function split(
  op: Operation,
  input: Value,
  axis: number,
  lengths: readonly number[],
): Value[] | undefined {
  if (lengths.length > MAX_PARTS || !lengths.every(Number.isInteger)) return undefined
  const parts: Value[] = []
  let begin = 0
  for (const [index, length] of lengths.entries()) {
    const from = input.shape.map((_, at) => (at === axis ? begin : 0))
    const part = op.named(`part${index}`).slice(input, from, input.shape.with(axis, length))
    if (!part) return undefined
    parts.push(part)
    begin += length
  }
  return parts
}

/** The lengths of `count` equal parts of an axis; undefined if it cannot be divided. */
export function equalLengths(length: number, count: number): number[] | undefined {
  const fits = count > 0 && count <= length && count <= MAX_PARTS && length % count === 0
  return fits ? new Array<number>(count).fill(length / count) : undefined
}

/** Stacks tensors of one shape along a new axis. */
export function pack(op: Operation, inputs: readonly Value[], axis: number): Result {
  const [first] = inputs
  const along = first && axisOf(axis, first.shape.length + 1)
  if (along === undefined) return undefined
  const parts = inputs.map((input, index) =>
    op.named(`part${index}`).reshape(input, input.shape.toSpliced(along, 0, 1)),
  )
  return parts.every((part) => part !== undefined) ? op.concat(parts, along) : undefined
}

/** The slices of length 1 along an axis, without that axis. */
export function unpack(op: Operation, input: Value, axis: number): Value[] | undefined {
  const along = axisOf(axis, input.shape.length)
  if (along === undefined || input.shape[along] > MAX_PARTS) return undefined
  const rows = split(op, input, along, new Array<number>(input.shape[along]).fill(1))
  const left = input.shape.toSpliced(along, 1)
  const values = rows?.map((row, index) => op.named(`row${index}`).reshape(row, left))
  return values?.every((value) => value !== undefined) ? values : undefined
}
