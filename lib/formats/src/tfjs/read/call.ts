import { LetiError } from '@leti/records'
import type { Value } from '../../importer/activation.js'
import { isConstant } from '../../importer/activation.js'
import { argumentsOf, type Constant } from '../../importer/constant.js'
import type { Operation } from '../../importer/operation.js'
import type { GraphNode } from './graph-node.js'

/** A node of a graph with what is at hand to read it. */
export class Call {
  constructor(
    readonly node: GraphNode,
    readonly inputs: readonly Value[],
    readonly op: Operation,
  ) {}

  /** @throws {LetiError} `bad-arch` where there is none */
  readonly input = (index: number): Value => {
    const value = this.inputs[index]
    if (value) return value
    throw new LetiError('bad-arch', `${this.node.op} lacks an input`)
  }
}

/** What a node gives: one value, or one for each output; undefined where LETI has none the same. */
export type NodeResult = Value | readonly Value[] | undefined

export type NodeReader = (call: Call) => NodeResult

/** The constant that an input is, or undefined. */
export function constantInput({ inputs }: Call, index: number): Constant | undefined {
  const value = inputs[index]
  return isConstant(value) ? value : undefined
}

/** The numbers of a small constant input. */
export function argumentInput(call: Call, index: number): number[] | undefined {
  return argumentsOf(constantInput(call, index))
}
