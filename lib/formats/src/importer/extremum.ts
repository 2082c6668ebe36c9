import { isConstant, type Value } from './value.js'
import { scalarOf } from './constant.js'
import type { ExtremumType, Operation, Result } from './operation.js'

/** The minimum or maximum of two tensors. That of a tensor and a number limits the tensor. */
export function extremum(op: Operation, type: ExtremumType, a: Value, b: Value): Result {
  const [tensor, constant] = isConstant(b) ? [a, b] : [b, a]
  const isOne = isConstant(constant) && !isConstant(tensor)
  const limit = isOne ? scalarOf(constant) : undefined
  if (limit === undefined) return op.binary(type, a, b)
  return type === 'minimum'
    ? op.limited(tensor, -Infinity, limit)
    : op.limited(tensor, limit, Infinity)
}
