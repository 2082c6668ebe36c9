import type { Shape } from '@leti/network'
import type { Constant } from './constant.js'

/** A tensor that the network computes. Its node is added when the tensor is first read. */
export interface ComputedTensor {
  /** The shape in the file; a leading axis of size 1 may be the batch. */
  readonly shape: Shape
  /** Whether no element can be below zero. */
  readonly isPositive: boolean
  /** The index of its node. */
  node(): number
}

/** A tensor of a file: computed by the network, or constant. */
export type Value = ComputedTensor | Constant

export function isConstant(value: Value | undefined): value is Constant {
  return value !== undefined && 'read' in value
}

/** A computed tensor whose node has been added. */
export function computedTensor(node: number, shape: Shape, isPositive = false): ComputedTensor {
  return { shape, isPositive, node: () => node }
}
