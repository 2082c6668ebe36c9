import { broadcast, type Shape } from '@leti/network'
import { axesOf, reducedShape } from './shapes.js'

// Output shapes of operators that LETI does not have.

/** Shape of a matrix product; all axes but the last two are broadcast. */
export function matrixProduct(
  a: Shape,
  b: Shape,
  isTransposed: readonly [boolean, boolean] = [false, false],
): Shape | undefined {
  if (a.length < 2 || b.length < 2) return undefined
  const batch = broadcast([a.slice(0, -2), b.slice(0, -2)])
  const [rows, left] = isTransposed[0] ? a.slice(-2).toReversed() : a.slice(-2)
  const [right, columns] = isTransposed[1] ? b.slice(-2).toReversed() : b.slice(-2)
  return batch && left === right ? [...batch, rows, columns] : undefined
}

/** Shape of TensorFlow's `GatherNd`: the last axis of `indices` holds an index for each leading axis. */
export function gatheredShape(shape: Shape, indices: Shape): Shape {
  return [...indices.slice(0, -1), ...shape.slice(indices.at(-1) ?? 0)]
}

/** Shape of a reduction over the given axes, or over all axes. */
export function reduction(
  shape: Shape,
  axes: readonly number[] | undefined,
  keepDims: boolean,
): Shape | undefined {
  const found = axes ? axesOf(axes, shape.length) : shape.map((_, axis) => axis)
  return found && reducedShape(shape, found, keepDims)
}
