import type { Value } from './activation.js'
import { constantOf } from './constant.js'
import type { Operation, Result } from './operation.js'

/** Less the mean over the axes, over the deviation: in the operators that converters write it in. */
export function normalised(
  op: Operation,
  input: Value,
  axes: readonly number[],
  epsilon: number,
): Result {
  const mean = op.named('mean').mean(input, axes, true)
  const centred = mean && op.named('centred').binary('sub', input, mean)
  const squares = centred && op.named('squares').binary('mul', centred, centred)
  const variance = squares && op.named('variance').mean(squares, axes, true)
  const least = constantOf([epsilon], [], true)
  const shifted = variance && op.named('shifted').binary('add', variance, least)
  const inverse = shifted && op.named('inverse').inverseRoot(shifted)
  return inverse && op.binary('mul', centred, inverse)
}
