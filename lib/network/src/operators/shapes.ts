/** Height and width, in elements. */
export type Size = readonly [height: number, width: number]

/** Depth, height and width, in elements. */
export type Volume = readonly [depth: number, height: number, width: number]

/** Shape of a tensor without its batch, channels last: an image is `[height, width, channels]`. */
export type Shape = readonly number[]

/** Number of elements of a tensor of this shape. */
export function elements(shape: Shape): number {
  let count = 1
  for (const size of shape) count *= size
  return count
}

export function sameShape(a: Shape | undefined, b: Shape): boolean {
  return a?.length === b.length && b.every((size, axis) => size === a[axis])
}

/** Size of the last axis; for an image, its channels. */
export function channelsOf(shape: Shape): number {
  return shape[shape.length - 1]
}

export function isImage(shape: Shape): boolean {
  return shape.length === 3
}

export function isAxisOf(shape: Shape, axis: number): boolean {
  return Number.isInteger(axis) && axis >= 0 && axis < shape.length
}

/**
 * The shape that all inputs are broadcast to, last axes aligned, as in TensorFlow and NumPy.
 *
 * @returns undefined if two sizes of an axis differ and neither is 1
 */
export function broadcast(shapes: readonly Shape[]): Shape | undefined {
  const rank = Math.max(...shapes.map((shape) => shape.length))
  const result = new Array<number>(rank).fill(1)
  for (const shape of shapes) {
    for (const [index, size] of shape.entries()) {
      const axis = rank - shape.length + index
      if (size === 1 || size === result[axis]) continue
      if (result[axis] !== 1) return undefined
      result[axis] = size
    }
  }
  return result
}
