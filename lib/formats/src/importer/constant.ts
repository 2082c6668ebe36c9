import { elements, type Shape } from '@leti/network'

/** Numbers of a constant: floats, or whole numbers and truth values. */
export type Numbers = Float32Array | Float64Array

/** A tensor that the file holds, or computes from such: its numbers are made anew by each call. */
export interface Constant {
  /** Of the tensor that the file holds. */
  readonly name?: string
  /** As in the file, with what may be a batch. */
  readonly shape: Shape
  readonly isFloat: boolean
  readonly read: () => Numbers
}

/** A constant of numbers that are at hand. */
export function constantOf(
  values: ArrayLike<number>,
  shape: Shape = [values.length],
  isFloat = false,
): Constant {
  const read = (): Numbers => (isFloat ? Float32Array.from(values) : Float64Array.from(values))
  return { shape, isFloat, read }
}

/** A float that an operator takes as its second operand. */
export function scalarConstant(value: number): Constant {
  return constantOf([value], [], true)
}

export function zeros(size: number, isFloat: boolean): Numbers {
  return isFloat ? new Float32Array(size) : new Float64Array(size)
}

/** More numbers than any operator takes as an argument. */
const MAX_ARGUMENTS = 64

/** The numbers of a small constant that an operator takes as an argument. */
export function argumentsOf(constant: Constant | undefined): number[] | undefined {
  if (!constant || elements(constant.shape) > MAX_ARGUMENTS) return undefined
  return [...constant.read()]
}

/** The constant's one number, or undefined where it has several. */
export function scalarOf(constant: Constant | undefined): number | undefined {
  return constant && elements(constant.shape) === 1 ? constant.read()[0] : undefined
}

/** The floats of a constant. */
export function floatsOf({ read }: Constant): Float32Array {
  const values = read()
  return values instanceof Float32Array ? values : Float32Array.from(values)
}
