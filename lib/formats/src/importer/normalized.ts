import type { Value } from './value.js'
import { scalarConstant } from './constant.js'
import type { Operation, Result } from './operation.js'

/**
 * Computes `(x - mean) / sqrt(variance + epsilon)`, with mean and variance over the given axes, with the
 * operators that TensorFlow's converters use.
 */
export function normalized(
  op: Operation,
  input: Value,
  axes: readonly number[],
  epsilon: number,
): Result {
  const mean = op.named('mean').reduced('mean', input, axes, true)
  const centered = mean && op.named('centred').binary('sub', input, mean)
  const squares = centered && op.named('squares').binary('mul', centered, centered)
  const variance = squares && op.named('variance').reduced('mean', squares, axes, true)
  const summand = scalarConstant(epsilon)
  const shifted = variance && op.named('shifted').binary('add', variance, summand)
  const inverse = shifted && op.named('inverse').inverseRoot(shifted)
  return inverse && op.binary('mul', centered, inverse)
}

/** Computes `x / sqrt(mean of squares + epsilon)`, with the mean over the given axes. */
export function rootNormalized(
  op: Operation,
  input: Value,
  axes: readonly number[],
  epsilon: number,
): Result {
  const squares = op.named('squares').binary('mul', input, input)
  const mean = squares && op.named('mean').reduced('mean', squares, axes, true)
  const shifted = mean && op.named('shifted').binary('add', mean, scalarConstant(epsilon))
  const inverse = shifted && op.named('inverse').inverseRoot(shifted)
  return inverse && op.binary('mul', input, inverse)
}
