import type { WeightRole } from '../../weights/weights.js'
import type { PartNames } from './part-names.js'

/** A constant that a node reads: a weight tensor of the network, or an argument. */
export type Constant = Weight | Argument

export interface Weight {
  readonly name: string
  readonly kind: WeightRole
  readonly shape: readonly number[]
  /** The part of the tensor's last axis that it holds, and the number of parts; absent for the whole axis. */
  readonly part?: { readonly index: number; readonly of: number }
}

export interface Argument {
  readonly name: string
  readonly kind: 'argument'
  readonly dtype: 'int32' | 'float32'
  readonly values: readonly number[]
  readonly shape: readonly number[]
}

/** The integer arguments of a node, by their names. */
export function integerArguments(
  node: string,
  partName: PartNames,
  args: Readonly<Record<string, readonly number[]>>,
): Argument[] {
  return Object.entries(args).map(([argument, values]) => ({
    name: partName(node, argument),
    kind: 'argument',
    dtype: 'int32',
    values,
    shape: [values.length],
  }))
}

export function scalar(name: string, value: number): Argument {
  return { name, kind: 'argument', dtype: 'float32', values: [value], shape: [] }
}
