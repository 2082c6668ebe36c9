import { LetiError } from '@leti/records'
import type { Value } from '../../importer/value.js'
import { isConstant } from '../../importer/value.js'
import { argumentsOf, scalarOf, type Constant } from '../../importer/constant.js'
import type { Operation } from '../../importer/operation.js'
import type { GraphNode } from './graph-node.js'

/** One value for a node of one output, otherwise one per output; undefined if LETI has no equivalent. */
export type NodeResult = Value | readonly Value[] | undefined

export type NodeReader = (call: Call) => NodeResult

/** The readers of a family of operators, by the names that the format gives them. */
export type Readers = readonly (readonly [operator: string, reader: NodeReader])[]

/** A node of a graph model, with its inputs and the operation that adds it to the network. */
export class Call {
  constructor(
    readonly node: GraphNode,
    readonly inputs: readonly Value[],
    readonly op: Operation,
  ) {}

  /** @throws {LetiError} `bad-arch` if the node has fewer inputs */
  input(index: number): Value {
    const value = this.inputs[index]
    if (value) return value
    throw new LetiError('bad-arch', `${this.node.op} lacks input ${index}`)
  }

  constant(index: number): Constant | undefined {
    const value = this.inputs[index]
    return isConstant(value) ? value : undefined
  }

  /** The numbers of a small constant input. */
  numbers(index: number): number[] | undefined {
    return argumentsOf(this.constant(index))
  }

  /** The number of a constant input that holds only one. */
  scalar(index: number): number | undefined {
    return scalarOf(this.constant(index))
  }
}
