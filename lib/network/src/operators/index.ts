import { BINARIES, type Add, type Binary, type Prelu } from './binary.js'
import { CONVOLUTIONS, type Convolution } from './convolutions.js'
import { ELEMENTWISE, type Elementwise } from './elementwise.js'
import type { OperatorEntry, TypedAs } from './entry.js'
import { MATRIX_PRODUCTS, type MatrixProduct } from './matrices.js'
import { MOVEMENTS, type Movement } from './movement.js'
import { NORMALIZATIONS, type Normalization } from './normalization.js'
import { POOLINGS, type Pooling } from './pooling.js'
import { RESIZES, type Resize } from './resizing.js'
import { SOURCES, type Source } from './sources.js'
import { UNKNOWN, type Traffic, type Unknown, type UnknownOutput } from './unknown.js'

export { BINARY_TYPES } from './binary.js'
export type { Add, Binary, Prelu } from './binary.js'
export type * from './convolutions.js'
export {
  ELEMENTWISE_FUNCTIONS,
  ELEMENTWISE_TYPES,
  isClamp,
  isElementwiseFunction,
  isOfPositive,
  sigmoid,
} from './elementwise.js'
export type * from './elementwise.js'
export type { Arity, OperatorEntry, OperatorFamily } from './entry.js'
export type * from './matrices.js'
export type * from './movement.js'
export type * from './normalization.js'
export type * from './pooling.js'
export type * from './resizing.js'
export { broadcast, elements, sameShape, type Shape, type Size, type Volume } from './shapes.js'
export type * from './sources.js'
export type * from './unknown.js'
export type { DilatedWindow, Padding, Window } from './windows.js'

export type Operator =
  | Source
  | Convolution
  | MatrixProduct
  | Elementwise
  | Add
  | Binary
  | Prelu
  | Normalization
  | Pooling
  | Resize
  | Movement
  | Traffic
  | Unknown
  | UnknownOutput

export type OperatorType = Operator['type']

/** The operator of one type, such as `OperatorOf<'conv2d'>`. */
export type OperatorOf<T extends OperatorType> = TypedAs<Operator, T>

/** One entry for each type of operator: a missing one is a compile error. */
export const OPERATORS: { readonly [T in OperatorType]: OperatorEntry<OperatorOf<T>> } = {
  ...SOURCES,
  ...CONVOLUTIONS,
  ...MATRIX_PRODUCTS,
  ...ELEMENTWISE,
  ...BINARIES,
  ...NORMALIZATIONS,
  ...POOLINGS,
  ...RESIZES,
  ...MOVEMENTS,
  ...UNKNOWN,
}

export const OPERATOR_TYPES = Object.keys(OPERATORS) as readonly OperatorType[]

/** The entry of an operator. */
export function entryOf<O extends Operator>({ type }: O): OperatorEntry<O> {
  return OPERATORS[type] as OperatorEntry<Operator> as OperatorEntry<O>
}

/** Type guard for untrusted input. */
export function isOperatorType(type: unknown): type is OperatorType {
  return typeof type === 'string' && Object.hasOwn(OPERATORS, type)
}

/** The types whose entry matches, in the order of the table. */
export function operatorTypes(
  matches: (entry: OperatorEntry<Operator>) => boolean,
): readonly OperatorType[] {
  return OPERATOR_TYPES.filter((type) => matches(OPERATORS[type] as OperatorEntry<Operator>))
}

/** Whether the operator has no inputs: nothing runs. */
export function isSource(operator: Operator): operator is Source {
  return OPERATORS[operator.type].family === 'source'
}
