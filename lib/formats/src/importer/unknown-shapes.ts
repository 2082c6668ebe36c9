import type { Shape } from '@leti/network'
import { axesOf, broadcast, reducedShape } from './shapes.js'

// The shapes that operators give which LETI does not know otherwise.

/** Of a matrix product, broadcast over the axes before the last two. */
export function matrixProduct(
  a: Shape,
  b: Shape,
  isTransposed: readonly [boolean, boolean] = [false, false],
): Shape | undefined {
  if (a.length < 2 || b.length < 2) return undefined
  const batch = broadcast(a.slice(0, -2), b.slice(0, -2))
  const [rows, left] = isTransposed[0] ? a.slice(-2).toReversed() : a.slice(-2)
  const [right, columns] = isTransposed[1] ? b.slice(-2).toReversed() : b.slice(-2)
  return batch && left === right ? [...batch, rows, columns] : undefined
}

export function allBroadcast(shapes: readonly Shape[]): Shape | undefined {
  let result: Shape | undefined = []
  for (const shape of shapes) result = result && broadcast(result, shape)
  return result
}

/** Of a gather: each index along the last axis of `indices` takes the place of an axis. */
export function gatheredShape(shape: Shape, indices: Shape): Shape {
  return [...indices.slice(0, -1), ...shape.slice(indices.at(-1) ?? 0)]
}

/** Of a reduction: of all axes where none is said. */
export function reduction(
  shape: Shape,
  axes: readonly number[] | undefined,
  keepDims: boolean,
): Shape | undefined {
  const found = axes ? axesOf(axes, shape.length) : shape.map((_, axis) => axis)
  return found && reducedShape(shape, found, keepDims)
}
