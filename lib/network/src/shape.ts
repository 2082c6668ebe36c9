import { LetiError } from '@leti/records'
import { elements, entryOf, type Operator, type Shape } from './operators/index.js'

/**
 * Shape inference: the shape of the output of `operator`.
 *
 * @param inputs shapes of its inputs; all shapes are without batch, channels last
 * @throws {LetiError} `bad-arch` if the number or the shapes of the inputs do not fit the operator, or the
 *   output is too large to count
 */
export function outputShape(operator: Operator, inputs: readonly Shape[]): Shape {
  const { arity } = entryOf(operator)
  const fits = typeof arity === 'number' ? inputs.length === arity : inputs.length >= arity.atLeast
  if (!fits) {
    const wanted = typeof arity === 'number' ? String(arity) : `at least ${arity.atLeast}`
    throw new LetiError(
      'bad-arch',
      `${operator.type} cannot take ${inputs.length} inputs: it needs ${wanted}`,
    )
  }
  const shape = entryOf(operator).shape(operator, inputs)
  if (shape) {
    if (elements(shape) <= Number.MAX_SAFE_INTEGER) return shape
    const sizes = shape.join('x')
    throw new LetiError(
      'bad-arch',
      `the output of ${operator.type} is too large: ${sizes} elements`,
    )
  }
  const shapes = inputs.map((input) => `[${input.join(', ')}]`).join(', ')
  throw new LetiError('bad-arch', `${operator.type} cannot take inputs of shape ${shapes}`)
}
