import type { BuiltinName } from '../schema.js'

// A `.tflite` model in memory: one subgraph, whose tensors are numbered.

/** The bytes of a constant tensor, made on demand, one tensor at a time. */
export interface Data {
  readonly bytes: number
  /** In pieces. */
  read(): Iterable<Uint8Array>
}

export interface Tensor {
  readonly name: string
  /** With the batch. */
  readonly shape: readonly number[]
  /** The number of its `TensorType` in the schema. */
  readonly type: number
  readonly data?: Data
}

/** Fields of an options table, by their names in the schema. */
export type OptionValues = Readonly<Record<string, number | readonly number[]>>

export interface BuiltinOperator {
  readonly builtin: BuiltinName
  readonly version: number
  /** Numbers of tensors; -1 for an optional input that is absent. */
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
