import type { Shape } from '@leti/network'
import type { Constant } from './constant.js'

/** A tensor that the network computes. Its node is added to the network when it is first read. */
export interface Activation {
  /** The shape in the file; a leading axis of size 1 may be the batch. */
  readonly shape: Shape
  /** Whether no element can be below zero. */
  readonly isPositive: boolean
  /** The index of its node. */
  node(): number
}

/** A tensor of a file: computed by the network, or known. */
export type Value = Activation | Constant

export function isConstant(value: Value | undefined): value is Constant {
  return value !== undefined && 'read' in value
}

/** An activation whose node has been added. */
export function activationOf(node: number, shape: Shape, isPositive = false): Activation {
  return { shape, isPositive, node: () => node }
}
