import type { Shape, Slice } from './operators.js'

/** Elements of an activation of this shape. */
export function elements(shape: Shape): number {
  let count = 1
  for (const size of shape) count *= size
  return count
}

export function sameShape(a: Shape | undefined, b: Shape): boolean {
  return a?.length === b.length && b.every((size, axis) => size === a[axis])
}

// What the operators on axes make of a shape; undefined where it does not fit them.

export function concatenated(inputs: readonly Shape[], axis: number): Shape | undefined {
  const [first] = inputs
  if (!isAxisOf(first, axis)) return undefined
  let size = 0
  for (const shape of inputs) {
    if (shape.length !== first.length) return undefined
    if (!sameShape(shape.with(axis, 0), first.with(axis, 0))) return undefined
    size += shape[axis]
  }
  return first.with(axis, size)
}

export function multiplied([a, b]: readonly Shape[], transposeB: boolean): Shape | undefined {
  if (a.length < 2 || !sameShape(a.slice(0, -2), b.slice(0, -2))) return undefined
  const [inner, columns] = transposeB ? b.slice(-2).reverse() : b.slice(-2)
  return a[a.length - 1] === inner ? [...a.slice(0, -1), columns] : undefined
}

export function reduced(
  input: Shape,
  axes: readonly number[],
  keepDims: boolean,
): Shape | undefined {
  if (!axes.every((axis) => isAxisOf(input, axis))) return undefined
  if (keepDims) return input.map((size, axis) => (axes.includes(axis) ? 1 : size))
  return input.filter((_size, axis) => !axes.includes(axis))
}

export function sliced(input: Shape, { begin, size, strides }: Slice): Shape | undefined {
  const fits = input.every((length, axis) => {
    const last = begin[axis] + (size[axis] - 1) * (strides?.[axis] ?? 1)
    return size[axis] > 0 && begin[axis] >= 0 && begin[axis] < length && last >= 0 && last < length
  })
  return fits && size.length === input.length ? size : undefined
}

export function reshaped(input: Shape, shape: Shape): Shape | undefined {
  return elements(input) === elements(shape) ? shape : undefined
}

export function squeezed(input: Shape, axes: readonly number[]): Shape | undefined {
  return axes.every((axis) => input[axis] === 1) ? reduced(input, axes, false) : undefined
}

export function permuted(input: Shape, permutation: readonly number[]): Shape | undefined {
  const isPermutation =
    permutation.length === input.length && input.every((_size, axis) => permutation.includes(axis))
  return isPermutation ? permutation.map((axis) => input[axis]) : undefined
}

function isAxisOf(shape: Shape, axis: number): boolean {
  return Number.isInteger(axis) && axis >= 0 && axis < shape.length
}
