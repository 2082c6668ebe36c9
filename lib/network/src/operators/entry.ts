import type { Members } from './members.js'
import type { Shape } from './shapes.js'

/**
 * What bounds the time of an operator; fusion rules and predictors sort operators by it.
 *
 * - `source`: nothing runs
 * - `product`: multiplications; each input element is used many times
 * - `window`: memory access; each output element reads several input elements
 * - `elementwise`: one pass over elements; an output element depends on the input elements at its place
 * - `normalization`: scales elements by statistics
 * - `resize`: interpolates an image
 * - `movement`: copies elements, writes zeros, or only changes the shape
 * - `unknown`: LETI does not know what the operator does
 */
export type OperatorFamily =
  | 'source'
  | 'product'
  | 'window'
  | 'elementwise'
  | 'normalization'
  | 'resize'
  | 'movement'
  | 'unknown'

/** Number of inputs: exactly this many, or at least this many. */
export type Arity = number | { readonly atLeast: number }

/** Work and weights of one operator for one image. */
export interface Work {
  /** Multiply-accumulates. */
  readonly macs: number
  /** Trainable parameters. */
  readonly parameters: number
  /** Numbers that are stored with the parameters but not trained. */
  readonly untrained?: number
}

/** Shapes that the cost of an operator depends on. */
interface Sizes {
  readonly inputs: readonly Shape[]
  readonly output: Shape
  /** Elements of the filter; 0 if the operator has none. */
  readonly filter: number
}

/** All that LETI's lower layers know about one type of operator. */
export interface OperatorEntry<O extends { readonly type: string }> {
  readonly family: OperatorFamily
  readonly arity: Arity
  /** How to check the members of an operator that comes from a record. */
  readonly members: Members<O>
  /** True if no runtime has the operator, so that it cannot be measured as a kernel. */
  readonly unmeasurable?: true
  /**
   * Shape of the output. The number of inputs has been checked.
   *
   * @returns undefined if the shapes of the inputs do not fit the operator
   */
  shape(operator: O, inputs: readonly Shape[]): Shape | undefined
  /** The filter that the operator multiplies its input by; absent if it has none. */
  readonly filter?: Filter<O>
  cost(operator: O, sizes: Sizes): Work
  /**
   * The operator with its sizes replaced; absent if the operator has no size that can be chosen
   * independently of its input.
   */
  resized?(operator: O, replaced: (size: number) => number): O
}

/** A filter in TensorFlow's layout. Other layouts, and folding into it, follow from this description. */
interface Filter<O> {
  shape(operator: O, input: Shape): Shape
  /** The axes that make up the output's channels: two if each input channel has filters of its own. */
  readonly outputAxes: readonly number[]
  /**
   * The members of a convolution that follow from the shape of its filter and of its input, or undefined
   * if these do not fit each other. Absent if other members depend on the filter too.
   */
  members?(filter: Shape, input: Shape): Partial<O> | undefined
}

/** One entry for each type of operator in the union `O`. */
export type Entries<O extends { readonly type: string }> = {
  readonly [T in O['type']]: OperatorEntry<TypedAs<O, T>>
}

/** The members of the union `O` whose type can be `T`. */
export type TypedAs<O, T> = O extends { readonly type: infer U }
  ? T extends U
    ? O & { readonly type: T }
    : never
  : never

/** Shape rule: the output has the shape of the first input. */
export function unchanged(_operator: unknown, [input]: readonly Shape[]): Shape {
  return input
}

const NO_WORK: Work = { macs: 0, parameters: 0 }

/** Cost rule: no multiply-accumulates, no weights. */
export function free(): Work {
  return NO_WORK
}
