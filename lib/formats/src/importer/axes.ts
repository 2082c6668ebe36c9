import type { Shape } from '@leti/network'

// TFLite's shapes have a batch, and LETI's have none. At batch 1 a leading axis of size 1 changes
// nothing about the data, so what has one is read without it, and what has none as it is.

/** Leading axes that LETI's shape leaves out. */
export function batchAxes(shape: Shape): 0 | 1 {
  return shape[0] === 1 ? 1 : 0
}

export function withoutBatch(shape: Shape): Shape {
  return shape.slice(batchAxes(shape))
}

/**
 * Axes counted without the batch, from axes that count it and may be negative; the batch's are -1.
 *
 * @returns undefined where the shape has not all of them
 */
export function axesWithoutBatch(axes: readonly number[], shape: Shape): number[] | undefined {
  const batch = batchAxes(shape)
  const counted = axes.map((axis) => (axis < 0 ? axis + shape.length : axis) - batch)
  const isThere = (axis: number): boolean => axis >= -batch && axis < shape.length - batch
  return counted.every(isThere) ? counted : undefined
}

/**
 * The first element and the count of a range of TensorFlow's strided slice.
 *
 * @param length of the axis
 * @param begin negative where it counts from the end, undefined where it is masked; so is `end`
 * @param stride not 0
 */
export function resolveRange(
  length: number,
  begin: number | undefined,
  end: number | undefined,
  stride: number,
): { begin: number; size: number } {
  const [lowest, highest] = stride > 0 ? [0, length] : [-1, length - 1]
  const place = (at: number | undefined, masked: number): number =>
    at === undefined ? masked : Math.min(Math.max(at < 0 ? at + length : at, lowest), highest)
  const first = place(begin, stride > 0 ? lowest : highest)
  const last = place(end, stride > 0 ? highest : lowest)
  return { begin: first, size: Math.max(Math.ceil((last - first) / stride), 0) }
}
