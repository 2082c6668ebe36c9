import { elements, type Shape } from '@leti/network'

// Shapes as in files, with the batch, and helpers to compute new ones.

/** Limit on the elements of a tensor. */
const MAX_ELEMENTS = 2 ** 31

export function isShape(shape: readonly number[]): boolean {
  return (
    shape.length <= 8 &&
    shape.every((size) => Number.isInteger(size) && size >= 0) &&
    elements(shape) <= MAX_ELEMENTS
  )
}

/** Limit on the inputs of an operator, and on the inputs and outputs of a graph. */
export const MAX_TENSORS = 4096

/** Normalizes a negative axis; `undefined` if out of range. */
export function axisOf(axis: number | undefined, rank: number): number | undefined {
  if (axis === undefined || !Number.isInteger(axis)) return undefined
  const positive = axis < 0 ? axis + rank : axis
  return positive >= 0 && positive < rank ? positive : undefined
}

/** Normalizes negative axes; `undefined` if one is out of range. */
export function axesOf(axes: readonly number[], rank: number): number[] | undefined {
  const found = axes.map((axis) => axisOf(axis, rank))
  return found.every((axis) => axis !== undefined) ? found : undefined
}

/** Resolves a size of -1 so that the shape has `count` elements; `undefined` if it cannot. */
export function resolvedShape(shape: readonly number[], count: number): Shape | undefined {
  const open = shape.indexOf(-1)
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1)
  const resolved = open < 0 ? shape : shape.with(open, known > 0 ? count / known : 0)
  return isShape(resolved) && elements(resolved) === count ? resolved : undefined
}

/** The shape after a reduction: its axes are dropped, or kept with size 1. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  if (keepDims) return shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  return shape.filter((_size, axis) => !axes.includes(axis))
}

/** Distance in memory between neighboring elements of each axis. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1)
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = strides[axis + 1] * shape[axis + 1]
  }
  return strides
}
