import type { Kernel, Operator, OperatorOf, Shape } from '@leti/network'
import { integerArguments, type Constant } from './constant.js'
import { FLOAT, INT32, type NodeDef } from '../schema.js'
import type { PartNames } from './part-names.js'

/** The graph nodes that run a kernel, and the constants that they read. The last node has its name. */
export interface KernelNodes {
  readonly nodes: readonly NodeDef[]
  readonly constants: readonly Constant[]
}

/** The context of the kernel that its writer needs. */
export interface KernelContext {
  /** Names of the nodes of the kernel's inputs. */
  readonly inputs: readonly string[]
  /** Shapes of the inputs, without batch. */
  readonly inputShapes: readonly Shape[]
  readonly partName: PartNames
}

/**
 * Writes a kernel whose operator is an `O`.
 *
 * @throws {LetiError} `unsupported`
 */
export type KernelWriter<O extends Operator = Operator> = (
  kernel: Kernel,
  operator: O,
  context: KernelContext,
) => KernelNodes

/** How each type of operator in the union `O` is written: a missing one is a compile error. */
export type Writers<O extends Operator> = {
  readonly [T in O['type']]: KernelWriter<OperatorOf<T>>
}

export type Attributes = NodeDef['attr']

export function nodeDef(
  name: string,
  op: string,
  input: readonly string[],
  attr: Attributes,
): NodeDef {
  return { name, op, ...(input.length && { input }), attr }
}

/** A node whose only inputs are those of the kernel. */
export function singleNode(
  { name }: Kernel,
  { inputs }: KernelContext,
  op: string,
  attr: Attributes = { T: FLOAT },
): KernelNodes {
  return { nodes: [nodeDef(name, op, inputs, attr)], constants: [] }
}

/** A node that reads the kernel's inputs, then integer arguments, which are constants of the graph. */
export function nodeWithArguments(
  { name }: Kernel,
  { inputs, partName }: KernelContext,
  op: string,
  args: Readonly<Record<string, readonly number[]>>,
  attributes: Attributes = {},
): KernelNodes {
  const constants = integerArguments(name, partName, args)
  const read = [...inputs, ...constants.map((constant) => constant.name)]
  const attr = { T: FLOAT, Tidx: INT32, ...attributes }
  return { nodes: [nodeDef(name, op, read, attr)], constants }
}
