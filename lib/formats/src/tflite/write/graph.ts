import type { BuiltinName } from '../schema.js'

// A `.tflite` model as its tables have it: one subgraph, tensors by index.

/** The bytes of a constant tensor. They are made when they are asked for, one tensor at a time. */
export interface Data {
  readonly bytes: number
  read(): Uint8Array
}

export interface Tensor {
  readonly name: string
  /** With its batch. */
  readonly shape: readonly number[]
  /** Number of its `TensorType`. */
  readonly type: number
  readonly data?: Data
}

/** Values of the fields of an options table, by their names in the schema. */
export type OptionValues = Readonly<Record<string, number | readonly number[]>>

export interface BuiltinOperator {
  readonly builtin: BuiltinName
  readonly version: number
  /** Indices of tensors; -1 for an optional one that is not there. */
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  readonly options: OptionValues
}

export interface Graph {
  readonly tensors: readonly Tensor[]
  readonly operators: readonly BuiltinOperator[]
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
}
