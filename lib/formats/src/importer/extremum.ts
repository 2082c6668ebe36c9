import { isConstant, type Value } from './value.js'
import { scalarOf } from './constant.js'
import type { Operation, Result } from './operation.js'

const JOIN = { minimum: Math.min, maximum: Math.max } as const

/** The minimum or maximum of a tensor and a constant number, or of two constants. */
export function extremum(op: Operation, type: 'minimum' | 'maximum', a: Value, b: Value): Result {
  if (isConstant(a) && isConstant(b)) return op.folding.paired(a, b, JOIN[type])
  const [tensor, constant] = isConstant(b) ? [a, b] : [b, a]
  const limit = isConstant(constant) ? scalarOf(constant) : undefined
  if (limit === undefined) return undefined
  return type === 'minimum'
    ? op.limited(tensor, -Infinity, limit)
    : op.limited(tensor, limit, Infinity)
}
