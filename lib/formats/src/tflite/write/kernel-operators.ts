import type { Kernel, Operator, OperatorOf, Shape } from '@leti/network'
import type { Weights } from '../../weights/weights.js'
import { ACTIVATIONS, type BuiltinName } from '../schema.js'
import type { GraphBuilder } from './graph-builder.js'
import type { OptionValues } from './graph.js'

/** The context of the kernel that its writer needs. */
export interface KernelContext {
  readonly graph: GraphBuilder
  readonly weights: Weights
  /** The tensors that the kernel reads. */
  readonly inputs: readonly number[]
  /** Shapes of the inputs, without batch. */
  readonly inputShapes: readonly Shape[]
}

/** The operator that computes the kernel's value, in the lowest version that suffices. */
export interface Draft {
  readonly builtin: BuiltinName
  readonly inputs: readonly number[]
  readonly options?: OptionValues
  readonly version?: number
}

/**
 * Writes a kernel whose operator is an `O`: adds the tensors that its last operator reads, and the
 * operators before that one.
 *
 * @throws {LetiError} `unsupported`
 */
export type KernelWriter<O extends Operator = Operator> = (
  kernel: Kernel,
  operator: O,
  context: KernelContext,
) => Draft

/** How each type of operator in the union `O` is written: a missing one is a compile error. */
export type Writers<O extends Operator> = {
  readonly [T in O['type']]: KernelWriter<OperatorOf<T>>
}

/** The kernel's fused activation, as an option. */
export function activationOption({ activation }: Kernel): OptionValues {
  return { fused_activation_function: ACTIVATIONS.indexOf(activation) }
}

/** Adds an argument: a constant tensor of integers. Returns its tensor. */
export function argument(
  { name }: Kernel,
  { graph }: KernelContext,
  role: string,
  values: readonly number[],
  shape?: number[],
): number {
  return graph.integers(`${name}/${role}`, values, shape)
}

/** Dimensions of the kernel's value, the batch included. */
export function rankOf({ shape }: Kernel): number {
  return shape.length + 1
}
