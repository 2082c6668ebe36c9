import { elements, type Shape } from '@leti/network'

// Shapes as files have them, with what may be a batch, and what operators make of them.

/** The most elements that a tensor of a network may have. */
const MAX_ELEMENTS = 2 ** 31

export function isShape(shape: readonly number[]): boolean {
  return (
    shape.length <= 8 &&
    shape.every((size) => Number.isInteger(size) && size >= 0) &&
    elements(shape) <= MAX_ELEMENTS
  )
}

/** More tensors than any operator reads, and any network takes or gives. */
export const MAX_TENSORS = 4096

/** The shape that both are broadcast to, last axes aligned; undefined where they do not fit. */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length)
  const shape: number[] = []
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1
    const right = b[axis - rank + b.length] ?? 1
    if (left !== right && left !== 1 && right !== 1) return undefined
    shape.push(left === 1 ? right : left)
  }
  return shape
}

/** An axis that may count from the end, as one that does not; undefined where there is none. */
export function axisOf(axis: number | undefined, rank: number): number | undefined {
  if (axis === undefined || !Number.isInteger(axis)) return undefined
  const positive = axis < 0 ? axis + rank : axis
  return positive >= 0 && positive < rank ? positive : undefined
}

/** Axes as `axisOf` gives them; undefined where one is none. */
export function axesOf(axes: readonly number[], rank: number): number[] | undefined {
  const found = axes.map((axis) => axisOf(axis, rank))
  return found.every((axis) => axis !== undefined) ? found : undefined
}

/** A shape in which one size may be -1: the one that keeps the count of elements. */
export function resolvedShape(shape: readonly number[], count: number): Shape | undefined {
  const open = shape.indexOf(-1)
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1)
  const resolved = open < 0 ? shape : shape.with(open, known > 0 ? count / known : 0)
  return isShape(resolved) && elements(resolved) === count ? resolved : undefined
}

/** The shape with the axes dropped, or kept with size 1. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  if (keepDims) return shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  return shape.filter((_size, axis) => !axes.includes(axis))
}

/** How far apart in memory the elements along each axis lie. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1)
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = strides[axis + 1] * shape[axis + 1]
  }
  return strides
}
