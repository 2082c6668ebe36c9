import type { Shape } from '@leti/network'
import { axesOf } from './shapes.js'

// Shapes of files include a batch, those of LETI do not. LETI reads at batch 1, so a leading axis of
// size 1 is dropped as the batch, which leaves the data unchanged.

/** Number of leading axes that LETI's shape leaves out. */
export function batchAxes(shape: Shape): 0 | 1 {
  return shape[0] === 1 ? 1 : 0
}

export function withoutBatch(shape: Shape): Shape {
  return shape.slice(batchAxes(shape))
}

/**
 * Counts axes of a file without the batch, whose own axis becomes -1.
 *
 * @param axes may be negative, to count from the end
 * @returns undefined if an axis is out of range
 */
export function axesWithoutBatch(axes: readonly number[], shape: Shape): number[] | undefined {
  const batch = batchAxes(shape)
  return axesOf(axes, shape.length)?.map((axis) => axis - batch)
}

/**
 * Resolves a range of an axis, as in TensorFlow's strided slice.
 *
 * @param length of the axis
 * @param begin negative counts from the end; undefined is the first element in the stride's direction
 * @param end as `begin`; undefined takes all elements
 * @param stride not 0
 * @returns the index of the first element and the number of elements
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
