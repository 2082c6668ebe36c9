import type { Operation } from './operation.js'
import type { ComputedTensor, Value } from './value.js'

/**
 * The output of the branch that the user chose, where numbers of the inputs decide: the file computes the condition
 * all the same.
 */
export function ofChosenBranch(
  { assembly, name }: Operation,
  operator: string,
  condition: Value,
  value: Value,
): ComputedTensor {
  const [result] = assembly.unknown([name], operator, [condition, value], [value.shape], 'traffic')
  return result
}
