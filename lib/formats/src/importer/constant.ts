import { elements, type Shape } from '@leti/network'

/** Numbers of a constant: floats, or integers and booleans. */
export type Numbers = Float32Array | Float64Array

/** A tensor that the file stores, or computes from stored ones. */
export interface Constant {
  /** Name of the stored tensor. */
  readonly name?: string
  /** The shape in the file; a leading axis of size 1 may be the batch. */
  readonly shape: Shape
  readonly isFloat: boolean
  /** Whether LETI made it: it is no parameter of the network. */
  readonly isFixed?: true
  /** Computes the numbers anew at each call. */
  readonly read: () => Numbers
}

/** A constant of the given numbers; a vector by default. */
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

/** Limit on the length of an argument, such as axes or a shape. */
const MAX_ARGUMENTS = 64

/** The numbers of a small constant that an operator takes as an argument. */
export function argumentsOf(constant: Constant | undefined): number[] | undefined {
  if (!constant || elements(constant.shape) > MAX_ARGUMENTS) return undefined
  return [...constant.read()]
}

/** The number of a constant with a single element; undefined for any other. */
export function scalarOf(constant: Constant | undefined): number | undefined {
  return constant && elements(constant.shape) === 1 ? constant.read()[0] : undefined
}

/** The floats of a constant. */
export function floatsOf({ read }: Constant): Float32Array {
  const values = read()
  return values instanceof Float32Array ? values : Float32Array.from(values)
}
