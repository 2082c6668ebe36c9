import {
  entryOf,
  OPERATORS,
  type Operator,
  type OperatorType,
  type Shape,
} from './operators/index.js'

/**
 * Shape of an operator's filter in TensorFlow's layout, or undefined if it has none:
 * `[height, width, in, out]` for convolutions, `[height, width, in, multiplier]` for depthwise and
 * `[height, width, out, in]` for transposed ones, `[in, out]` for dense layers, `[channels]` for the
 * scale of a batch norm.
 *
 * @param input shape of the operator's first input
 */
export function filterShape(operator: Operator, input: Shape = []): Shape | undefined {
  return entryOf(operator).filter?.shape(operator, input)
}

/** The axes of a filter in TensorFlow's layout that make up the output's channels. */
export function outputAxes(type: OperatorType): readonly number[] {
  return OPERATORS[type].filter?.outputAxes ?? []
}

/**
 * The members of a convolution that follow from the shape of its filter and of its input.
 *
 * @returns undefined if the shapes do not fit each other
 */
export function membersOfFilter(
  type: OperatorType,
  filter: Shape,
  input: Shape,
): Partial<Operator> | undefined {
  return OPERATORS[type].filter?.members?.(filter, input)
}
