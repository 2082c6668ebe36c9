import { MAX_NODES } from '@leti/network'
import { LetiError } from '@leti/records'
import { printable } from '../../importer/names.js'
import { ATTRIBUTE, FUNCTION } from '../schema.js'
import { attributesOf, operatorName, parseNode, type OnnxNode } from './node.js'
import type { Message } from './protobuf.js'

/** An operator that the file itself defines, as nodes of other operators. */
interface LocalFunction {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly nodes: readonly OnnxNode[]
  /** Attributes of the function that a node need not state. */
  readonly defaults: ReadonlyMap<string, Message>
}

/** The functions of a file, by the names of the operators that they define. */
export type LocalFunctions = ReadonlyMap<string, LocalFunction>

/** Limit on functions that call functions: a file whose functions call themselves would never end. */
const MAX_DEPTH = 16

export function functionsOf(messages: readonly Message[]): LocalFunctions {
  return new Map(
    messages.map((message) => [
      operatorName(message.text(FUNCTION.domain), message.text(FUNCTION.name)),
      {
        inputs: message.texts(FUNCTION.input),
        outputs: message.texts(FUNCTION.output),
        nodes: message.messages(FUNCTION.node).map(parseNode),
        defaults: attributesOf(message.messages(FUNCTION.attributeProto)),
      },
    ]),
  )
}

/**
 * Replaces each node of a function by the nodes of the function.
 *
 * @throws {LetiError} `unsupported` if functions are nested too deeply or hold too many nodes
 */
export function inlined(nodes: readonly OnnxNode[], functions: LocalFunctions): OnnxNode[] {
  if (functions.size === 0) return [...nodes]
  const result: OnnxNode[] = []
  let calls = 0
  const add = (node: OnnxNode, depth: number): void => {
    const called = functions.get(node.op)
    if (!called) result.push(node)
    else if (depth === MAX_DEPTH) throw unsupported(`functions nested more than ${MAX_DEPTH} deep`)
    else for (const inner of bodyOf(node, called, `f${++calls}`)) add(inner, depth + 1)
    if (result.length + calls > MAX_NODES) throw unsupported(`more than ${MAX_NODES} operators`)
  }
  for (const node of nodes) add(node, 0)
  return result
}

/** The nodes of a function, with the tensors and attributes of the node that calls it. */
function bodyOf(caller: OnnxNode, called: LocalFunction, prefix: string): OnnxNode[] {
  const names = new Map<string, string>()
  called.inputs.forEach((name, index) => names.set(name, caller.inputs[index] ?? ''))
  called.outputs.forEach((name, index) => {
    const outer = caller.outputs[index]
    if (outer) names.set(name, outer)
  })
  const renamed = (name: string): string =>
    name === '' ? '' : (names.get(name) ?? `${caller.outputs[0] ?? ''}/${prefix}/${name}`)
  if (called.nodes.some(({ attributes }) => [...attributes.values()].some(isGraph))) {
    throw unsupported(`the function ${printable(caller.op)}, which holds a nested graph`)
  }
  return called.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(renamed),
    outputs: node.outputs.map(renamed),
    attributes: resolved(node.attributes, caller.attributes, called.defaults),
  }))
}

/** An attribute may refer to one of the function; without a value for that it counts as absent. */
function resolved(
  attributes: ReadonlyMap<string, Message>,
  ...sources: readonly ReadonlyMap<string, Message>[]
): ReadonlyMap<string, Message> {
  const result = new Map<string, Message>()
  for (const [name, attribute] of attributes) {
    const referred = attribute.text(ATTRIBUTE.refAttrName)
    const value = referred ? sources.find((of) => of.has(referred))?.get(referred) : attribute
    if (value) result.set(name, value)
  }
  return result
}

function isGraph(attribute: Message): boolean {
  return attribute.has(ATTRIBUTE.g)
}

function unsupported(what: string): LetiError {
  return new LetiError('unsupported', `the file has ${what}`)
}
