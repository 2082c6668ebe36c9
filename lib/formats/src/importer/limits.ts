import { isConstant, type Value } from './activation.js'
import { scalarOf } from './constant.js'

/** A tensor, and the number that bounds it. */
export interface Bounded {
  /** Position of the tensor among the two inputs. */
  readonly input: 0 | 1
  readonly limit: number
}

/** The minimum or maximum of a tensor and one number, which may come first; undefined otherwise. */
export function boundedInput(inputs: readonly (Value | undefined)[]): Bounded | undefined {
  if (inputs.length !== 2) return undefined
  const input = isConstant(inputs[1]) ? 0 : 1
  const bound = inputs[1 - input]
  const limit = isConstant(bound) ? scalarOf(bound) : undefined
  return limit === undefined ? undefined : { input, limit }
}
