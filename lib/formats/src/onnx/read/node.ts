import { MAX_TENSORS } from '../../importer/shapes.js'
import { ATTRIBUTE, NODE } from '../schema.js'
import { damaged, type Message } from './protobuf.js'

export interface OnnxNode {
  readonly name: string
  /** Prefixed with the domain, except for ONNX's own operators. */
  readonly op: string
  /** Names of tensors; an omitted optional input is empty. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, Message>
}

/** @throws {LetiError} `bad-model` */
export function parseNode(node: Message): OnnxNode {
  const inputs = node.texts(NODE.input)
  if (inputs.length > MAX_TENSORS) throw damaged(`an operator has ${inputs.length} inputs`)
  return {
    name: node.text(NODE.name),
    op: operatorName(node.text(NODE.domain), node.text(NODE.opType)),
    inputs,
    outputs: node.texts(NODE.output),
    attributes: attributesOf(node.messages(NODE.attribute)),
  }
}

export function attributesOf(attributes: readonly Message[]): Map<string, Message> {
  return new Map(attributes.map((attribute) => [attribute.text(ATTRIBUTE.name), attribute]))
}

export function operatorName(domain: string, name: string): string {
  return isOwnDomain(domain) ? name : `${domain}.${name}`
}

export function isOwnDomain(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx'
}
