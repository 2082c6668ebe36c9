import type { Constant } from '../../importer/constant.js'
import { MAX_TENSORS } from '../../importer/shapes.js'
import { damaged, Message } from './protobuf.js'
import { tensorConstant } from './tensor.js'

// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

/** An input or output of a graph; sizes that the file leaves open are -1. */
export interface ValueInfo {
  readonly name: string
  /** `TensorProto.DataType`; 0 where it is no tensor. */
  readonly type: number
  readonly shape?: readonly number[]
}

export interface OnnxNode {
  readonly name: string
  /** With its domain where that is not ONNX's own. */
  readonly op: string
  /** Names of tensors; empty for an optional one that is not there. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, Message>
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  readonly constants: ReadonlyMap<string, Constant>
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  /** Of the tensors between, where the file says it. */
  readonly infos: ReadonlyMap<string, ValueInfo>
  /** Version of ONNX's own operators. */
  readonly opset: number
}

/**
 * The main graph of an `.onnx` file.
 *
 * @throws {LetiError} `bad-model`, `unsupported`
 */
export function parseOnnx(bytes: Uint8Array): OnnxGraph {
  const model = new Message(bytes)
  const graph = model.message(7)
  if (!graph) throw damaged('it has no graph')
  const opset = model.messages(8).find((entry) => isOwnDomain(entry.text(1)))
  const constants = new Map(
    graph.messages(5).map((tensor) => [tensor.text(8), tensorConstant(tensor)]),
  )
  const outputs = graph.messages(12).map(parseInfo)
  const infos = [...graph.messages(13).map(parseInfo), ...outputs]
  return {
    nodes: graph.messages(1).map(parseNode),
    constants,
    // Older files list the initial values among the inputs.
    inputs: graph
      .messages(11)
      .map(parseInfo)
      .filter(({ name }) => !constants.has(name)),
    outputs,
    infos: new Map(infos.map((info) => [info.name, info])),
    opset: opset?.int(2) ?? 1,
  }
}

function parseNode(node: Message): OnnxNode {
  const inputs = node.texts(1)
  if (inputs.length > MAX_TENSORS) throw damaged('an operator has inputs without end')
  const domain = node.text(7)
  const op = node.text(4)
  return {
    name: node.text(3),
    op: isOwnDomain(domain) ? op : `${domain}.${op}`,
    inputs,
    outputs: node.texts(2),
    attributes: new Map(node.messages(5).map((attribute) => [attribute.text(1), attribute])),
  }
}

function parseInfo(info: Message): ValueInfo {
  const tensor = info.message(2)?.message(1)
  const shape = tensor?.message(2)
  const dims = shape?.messages(1).map((dim) => (dim.has(1) ? dim.int(1) : -1))
  return { name: info.text(1), type: tensor?.int(1) ?? 0, ...(dims && { shape: dims }) }
}

function isOwnDomain(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx'
}
