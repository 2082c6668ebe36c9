import { argumentsOf, constantOf, scalarOf, type Constant } from './constant.js'

// Constants that operators of a file compute from constants, mostly for shapes.

/** Limit on the numbers of a range. */
const MAX_RANGE = 4096

/** The numbers from `start` up or down to `limit`, excluding `limit`. */
export function rangeOf(
  start: Constant | undefined,
  limit: Constant | undefined,
  step: Constant | undefined,
): Constant | undefined {
  const [first, last, by] = [start, limit, step].map(scalarOf)
  if (first === undefined || last === undefined || !by) return undefined
  const length = Math.max(Math.ceil((last - first) / by), 0)
  if (!(length <= MAX_RANGE)) return undefined
  const values = Array.from({ length }, (_, index) => first + index * by)
  return constantOf(values, [length], start?.isFloat)
}

/** The product of all numbers of a small vector. */
export function productOf(input: Constant | undefined, keepDims: boolean): Constant | undefined {
  const numbers = argumentsOf(input)
  if (!numbers || input?.shape.length !== 1) return undefined
  const product = numbers.reduce((a, b) => a * b, 1)
  return constantOf([product], keepDims ? [1] : [], input.isFloat)
}
