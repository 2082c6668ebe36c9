import type { Constant } from '../../importer/constant.js'
import {
  ATTRIBUTE,
  DIMENSION,
  GRAPH,
  MODEL,
  OPERATOR_SET_ID,
  TENSOR,
  TENSOR_SHAPE,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
} from '../schema.js'
import { functionsOf, inlined } from './functions.js'
import { isOwnDomain, parseNode, type OnnxNode } from './node.js'
import { damaged, Message } from './protobuf.js'
import type { ExternalFiles } from './external.js'
import { tensorConstant } from './tensor.js'

/** A named tensor of a graph. */
export interface ValueInfo {
  readonly name: string
  /** `TensorProto.DataType`; 0 if it is not a tensor. */
  readonly type: number
  /** Open sizes are -1; absent if the file states no shape. */
  readonly shape?: readonly number[]
  /** The names of its open sizes; empty for others. */
  readonly sizeNames?: readonly string[]
  /** Its axes after the first that are the batch, by their names. */
  readonly batchAxes?: readonly number[]
}

/** A graph, which may be nested in an operator: it then reads tensors of the graphs around it too. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  /** The nodes as the file has them; in `nodes` functions are replaced by their nodes. */
  readonly stored: readonly OnnxNode[]
  readonly constants: ReadonlyMap<string, Constant>
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  /** Types and shapes of intermediate tensors and outputs, as far as the file states them. */
  readonly infos: ReadonlyMap<string, ValueInfo>
  /** `TensorProto.DataType` of its stored tensors. */
  readonly types: ReadonlyMap<string, number>
}

export interface OnnxModel extends OnnxGraph {
  /** Version of ONNX's own operator set. */
  readonly opset: number
  /** Reads a tensor that a node holds in an attribute. */
  readonly held: (tensor: Message) => Constant
  /** Parses the graph that a node holds in an attribute. */
  readonly nested: (node: OnnxNode, attribute: string) => OnnxGraph | undefined
}

/**
 * Parses an `.onnx` file (a `ModelProto`). Operators that the file defines as functions are replaced by
 * the nodes of these.
 *
 * @param external the files beside it that hold weights
 * @throws {LetiError} `bad-model`, `unsupported`
 */
export function parseOnnx(bytes: Uint8Array, external?: ExternalFiles): OnnxModel {
  const model = new Message(bytes)
  const graph = model.message(MODEL.graph)
  if (!graph) throw damaged('it has no graph')
  const opset = model
    .messages(MODEL.opsetImport)
    .find((entry) => isOwnDomain(entry.text(OPERATOR_SET_ID.domain)))
  const functions = functionsOf(model.messages(MODEL.functions))
  const parsed = (of: Message): OnnxGraph => {
    const whole = parseGraph(of, external)
    return { ...whole, nodes: inlined(whole.stored, functions) }
  }
  return {
    ...parsed(graph),
    opset: opset?.int(OPERATOR_SET_ID.version) ?? 1,
    held: (tensor) => tensorConstant(tensor, external),
    nested: ({ attributes }, name) => {
      const inner = attributes.get(name)?.message(ATTRIBUTE.g)
      return inner && parsed(inner)
    },
  }
}

function parseGraph(graph: Message, external: ExternalFiles | undefined): Omit<OnnxGraph, 'nodes'> {
  const stored = graph
    .messages(GRAPH.initializer)
    .map((tensor) => [tensor.text(TENSOR.name), tensor] as const)
  const constants = new Map(
    stored.map(([name, tensor]) => [name, tensorConstant(tensor, external)]),
  )
  const outputs = graph.messages(GRAPH.output).map(parseInfo)
  const infos = [...graph.messages(GRAPH.valueInfo).map(parseInfo), ...outputs]
  return {
    stored: graph.messages(GRAPH.node).map(parseNode),
    constants,
    // Files before IR version 4 list the initializers among the inputs.
    inputs: withBatchAxes(
      graph
        .messages(GRAPH.input)
        .map(parseInfo)
        .filter(({ name }) => !constants.has(name)),
    ),
    outputs,
    infos: new Map(infos.map((info) => [info.name, info])),
    types: new Map(stored.map(([name, tensor]) => [name, tensor.int(TENSOR.dataType)])),
  }
}

/**
 * Finds the batch where it is not the first axis: an open size with the name of one that is, as in a state
 * `[2, batch, 128]` beside an input `[batch, time]`.
 */
function withBatchAxes(inputs: readonly ValueInfo[]): ValueInfo[] {
  const matrices = inputs.filter(({ shape = [] }) => shape.length > 1 && shape[0] === -1)
  const batches = new Set(matrices.map(({ sizeNames = [] }) => sizeNames[0]))
  return inputs.map((input) => {
    const { shape = [], sizeNames = [] } = input
    const isState = shape.length > 1 && shape[0] !== -1
    const isBatch = (of: string): boolean => isState && of !== '' && batches.has(of)
    return { ...input, batchAxes: sizeNames.flatMap((of, axis) => (isBatch(of) ? [axis] : [])) }
  })
}

function parseInfo(info: Message): ValueInfo {
  const tensor = info.message(VALUE_INFO.type)?.message(TYPE.tensorType)
  const dimensions = tensor?.message(TENSOR_TYPE.shape)?.messages(TENSOR_SHAPE.dim)
  const sizes = dimensions?.map((dim) =>
    dim.has(DIMENSION.dimValue) ? dim.int(DIMENSION.dimValue) : -1,
  )
  return {
    name: info.text(VALUE_INFO.name),
    type: tensor?.int(TENSOR_TYPE.elemType) ?? 0,
    ...(sizes && { shape: sizes }),
    ...(dimensions && { sizeNames: dimensions.map((dim) => dim.text(DIMENSION.dimParam)) }),
  }
}
