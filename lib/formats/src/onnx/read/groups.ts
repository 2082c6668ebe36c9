import type { Constant } from '../../importer/constant.js'
import type { Operation, Result } from '../../importer/operation.js'
import { isConstant, type Value } from '../../importer/value.js'

/** Limit on the groups of a convolution, each of which becomes one of its own. */
const MAX_GROUPS = 256

type Convolve = (op: Operation, input: Value, weights: Constant) => Result

/**
 * Convolves each group of channels by itself, where no runtime has groups.
 *
 * @param input has its channels last
 * @param weights are those of the groups, one after another along the first axis
 */
export function inGroups(
  op: Operation,
  groups: number,
  input: Value,
  weights: Constant,
  convolve: Convolve,
): Result {
  if (groups === 1) return convolve(op, input, weights)
  const last = input.shape.length - 1
  const sizes = [input.shape[last] / groups, weights.shape[0] / groups]
  if (!sizes.every(Number.isInteger) || !(groups > 0) || groups > MAX_GROUPS) return undefined
  const results = Array.from({ length: groups }, (_, group) => {
    const part = op.named(`group${group}`)
    const taken = sliced(part.named('channels'), input, last, group * sizes[0], sizes[0])
    const own = sliced(op, weights, 0, group * sizes[1], sizes[1])
    return taken && isConstant(own) ? convolve(part, taken, own) : undefined
  })
  return results.every((of) => of !== undefined) ? op.concat(results, last) : undefined
}

function sliced(op: Operation, value: Value, axis: number, begin: number, size: number): Result {
  const from = value.shape.map((_, at) => (at === axis ? begin : 0))
  return op.slice(value, from, value.shape.with(axis, size))
}
