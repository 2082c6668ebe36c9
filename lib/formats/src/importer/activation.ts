import type { Shape } from '@leti/network'
import type { Constant } from './constant.js'

/** What a file's operator computes; its node is added to the network when it is first read. */
export interface Activation {
  /** As in the file, with what may be a batch. */
  readonly shape: Shape
  /** Whether no element is below zero. */
  readonly isPositive: boolean
  /** The index of its node. */
  node(): number
}

/** A tensor of a file: numbers that are known, or such that the network computes. */
export type Value = Activation | Constant

export function isConstant(value: Value | undefined): value is Constant {
  return value !== undefined && 'read' in value
}

/** An activation whose node is there. */
export function activationOf(node: number, shape: Shape, isPositive = false): Activation {
  return { shape, isPositive, node: () => node }
}
