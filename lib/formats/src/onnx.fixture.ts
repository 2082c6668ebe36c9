import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import * as ort from 'onnxruntime-web'
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  DATA_LOCATION,
  DATA_TYPE,
  DIMENSION,
  ENTRY,
  FUNCTION,
  GRAPH,
  MODEL,
  NODE,
  OPERATOR_SET_ID,
  TENSOR,
  TENSOR_SHAPE,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
} from './onnx/schema.js'

// Writes `.onnx` files for tests: the fields that a model of float tensors needs.

type Attribute = number | string | readonly (number | string)[] | Tensor | NestedGraph

/** A graph in an attribute, which reads tensors of the graph around it. */
export interface NestedGraph {
  readonly nodes: readonly OnnxNode[]
  readonly outputs: readonly string[]
}

/** An operator of the domain `own` that the file defines. */
interface OnnxFunction extends NestedGraph {
  readonly name: string
  readonly inputs: readonly string[]
}

export interface Tensor {
  readonly shape: readonly number[]
  /** A tensor holds one of these three; `ints` are stored as int64. */
  readonly floats?: Float32Array
  readonly codes?: Int8Array | Uint8Array | Int32Array
  readonly ints?: readonly number[]
  /** The file beside the model that holds the `floats`. */
  readonly location?: string
}

export interface OnnxNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** The suffix `_f` marks an attribute of floats: `alpha_f`. */
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly domain?: string
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[]
  readonly constants?: Readonly<Record<string, Tensor>>
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>
  readonly outputs: readonly string[]
  readonly opset?: number
  /** `TensorProto.DataType` of the inputs; float by default. */
  readonly inputType?: number
  readonly functions?: readonly OnnxFunction[]
}

/** Serializes an `.onnx` file. */
export function onnxBytes(model: OnnxModel): Uint8Array<ArrayBuffer> {
  const { nodes, constants = {}, inputs, outputs, opset = 17, inputType = DATA_TYPE.float } = model
  const { functions = [] } = model
  const graph = message((writer) => {
    for (const node of nodes) part(writer, GRAPH.node, nodeBytes(node))
    text(writer, GRAPH.name, 'graph')
    for (const [name, tensor] of Object.entries(constants))
      part(writer, GRAPH.initializer, tensorBytes(tensor, name))
    for (const [name, shape] of Object.entries(inputs))
      part(writer, GRAPH.input, infoBytes(name, shape, inputType))
    for (const name of outputs) part(writer, GRAPH.output, infoBytes(name))
  })
  return message((writer) => {
    int(writer, MODEL.irVersion, 8)
    part(writer, MODEL.graph, graph)
    part(
      writer,
      MODEL.opsetImport,
      message((entry) => int(entry, OPERATOR_SET_ID.version, opset)),
    )
    for (const domain of ['own', 'com.microsoft'])
      part(
        writer,
        MODEL.opsetImport,
        message((entry) => {
          text(entry, OPERATOR_SET_ID.domain, domain)
          int(entry, OPERATOR_SET_ID.version, 1)
        }),
      )
    for (const of of functions) part(writer, MODEL.functions, functionBytes(of, opset))
  })
}

function functionBytes(of: OnnxFunction, opset: number): Uint8Array {
  return message((writer) => {
    text(writer, FUNCTION.name, of.name)
    for (const name of of.inputs) text(writer, FUNCTION.input, name)
    for (const name of of.outputs) text(writer, FUNCTION.output, name)
    for (const node of of.nodes) part(writer, FUNCTION.node, nodeBytes(node))
    part(
      writer,
      FUNCTION.opsetImport,
      message((entry) => int(entry, OPERATOR_SET_ID.version, opset)),
    )
    text(writer, FUNCTION.domain, 'own')
  })
}

/** The same file with an intermediate tensor as its only output. */
export function withOutput(file: Uint8Array, tensor: string): Uint8Array<ArrayBuffer> {
  return replaced(file, MODEL.graph, (graph) =>
    replaced(graph, GRAPH.output, () => infoBytes(tensor)),
  )
}

export interface OnnxRun {
  readonly inputs: readonly (readonly number[])[]
  readonly outputs: readonly (readonly number[])[]
  readonly values: readonly Float32Array[]
}

/**
 * Runs a file in ONNX Runtime at batch 1.
 *
 * @param feed the numbers of an input, by its position and shape
 * @param given the shape of the only input, if the file leaves it open
 */
export async function runInOnnxRuntime(
  file: Uint8Array,
  feed: (input: number, shape: readonly number[]) => Float32Array,
  given?: readonly number[],
): Promise<OnnxRun> {
  const session = await ort.InferenceSession.create(file)
  const tensors = session.inputMetadata.map((input, index) => {
    if (!input.isTensor) throw new Error(`${input.name} is not a tensor`)
    const shape = given ?? input.shape.map((size) => (typeof size === 'number' ? size : 1))
    return [input.name, new ort.Tensor('float32', feed(index, shape), shape)] as const
  })
  const results = await session.run(Object.fromEntries(tensors))
  const outputs = session.outputNames.map((name) => results[name])
  const run = {
    inputs: tensors.map(([, { dims }]) => dims),
    outputs: outputs.map(({ dims }) => dims),
    values: outputs.map(({ data }) => Float32Array.from(data as Float32Array)),
  }
  await session.release()
  return run
}

function nodeBytes({ op, inputs, outputs, attributes = {}, domain = '' }: OnnxNode): Uint8Array {
  return message((writer) => {
    for (const name of inputs) text(writer, NODE.input, name)
    for (const name of outputs) text(writer, NODE.output, name)
    text(writer, NODE.opType, op)
    for (const [name, value] of Object.entries(attributes))
      part(writer, NODE.attribute, attributeBytes(name, value))
    text(writer, NODE.domain, domain)
  })
}

function attributeBytes(name: string, value: Attribute): Uint8Array {
  return message((writer) => {
    text(writer, ATTRIBUTE.name, name.replace(/_f$/, ''))
    if (typeof value === 'string') {
      text(writer, ATTRIBUTE.s, value)
      int(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.string)
    } else if (typeof value === 'object' && 'nodes' in value) {
      part(writer, ATTRIBUTE.g, nestedBytes(value))
      int(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.graph)
    } else if (typeof value === 'object' && 'shape' in value) {
      part(writer, ATTRIBUTE.t, tensorBytes(value, ''))
      int(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.tensor)
    } else if (typeof value === 'object') {
      const isFloat = name.endsWith('_f')
      for (const of of value) {
        if (typeof of === 'string') text(writer, ATTRIBUTE.strings, of)
        else if (isFloat) writer.tag(ATTRIBUTE.floats, WireType.Bit32).float(of)
        else int(writer, ATTRIBUTE.ints, of)
      }
      int(writer, ATTRIBUTE.type, isFloat ? ATTRIBUTE_TYPE.floats : ATTRIBUTE_TYPE.ints)
    } else if (name.endsWith('_f')) {
      writer.tag(ATTRIBUTE.f, WireType.Bit32).float(value)
      int(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.float)
    } else {
      int(writer, ATTRIBUTE.i, value)
      int(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.int)
    }
  })
}

function nestedBytes({ nodes, outputs }: NestedGraph): Uint8Array {
  return message((writer) => {
    for (const node of nodes) part(writer, GRAPH.node, nodeBytes(node))
    text(writer, GRAPH.name, 'nested')
    for (const name of outputs) part(writer, GRAPH.output, infoBytes(name))
  })
}

function tensorBytes(
  { shape, floats, codes, ints = [], location }: Tensor,
  name: string,
): Uint8Array {
  const raw = floats ?? codes
  return message((writer) => {
    for (const size of shape) int(writer, TENSOR.dims, size)
    int(writer, TENSOR.dataType, raw ? DATA_TYPES[raw.constructor.name] : DATA_TYPE.int64)
    text(writer, TENSOR.name, name)
    if (location !== undefined) {
      part(
        writer,
        TENSOR.externalData,
        message((entry) => {
          text(entry, ENTRY.key, 'location')
          text(entry, ENTRY.value, location)
        }),
      )
      int(writer, TENSOR.dataLocation, DATA_LOCATION.external)
    } else if (raw)
      part(writer, TENSOR.rawData, new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength))
    else for (const of of ints) int(writer, TENSOR.int64Data, of)
  })
}

const DATA_TYPES: Readonly<Record<string, number>> = {
  Float32Array: DATA_TYPE.float,
  Uint8Array: DATA_TYPE.uint8,
  Int8Array: DATA_TYPE.int8,
  Int32Array: DATA_TYPE.int32,
}

function infoBytes(
  name: string,
  shape?: readonly (number | string)[],
  type: number = DATA_TYPE.float,
): Uint8Array {
  const tensor = message((writer) => {
    int(writer, TENSOR_TYPE.elemType, type)
    if (shape) part(writer, TENSOR_TYPE.shape, shapeBytes(shape))
  })
  return message((writer) => {
    text(writer, VALUE_INFO.name, name)
    part(
      writer,
      VALUE_INFO.type,
      message((of) => part(of, TYPE.tensorType, tensor)),
    )
  })
}

function shapeBytes(shape: readonly (number | string)[]): Uint8Array {
  return message((writer) => {
    for (const size of shape) {
      const dim = message((of) => {
        if (typeof size === 'number') int(of, DIMENSION.dimValue, size)
        else text(of, DIMENSION.dimParam, size)
      })
      part(writer, TENSOR_SHAPE.dim, dim)
    }
  })
}

// Wire types.
const VARINT = 0
const LENGTH_DELIMITED = 2
const BIT32 = 5

/** Copies a message, with each occurrence of one field replaced. */
function replaced(
  bytes: Uint8Array,
  field: number,
  change: (bytes: Uint8Array) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    const start = at
    const tag = varint()
    const type: number = tag & 7
    if (type === LENGTH_DELIMITED) {
      const length = varint()
      const inner = bytes.subarray(at, (at += length))
      pieces.push(
        tag >>> 3 === field
          ? message((writer) => part(writer, field, change(inner)))
          : bytes.subarray(start, at),
      )
    } else {
      if (type === VARINT) varint()
      else at += type === BIT32 ? 4 : 8
      pieces.push(bytes.subarray(start, at))
    }
  }
  return Uint8Array.from(Buffer.concat(pieces))

  function varint(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }
}

function message(write: (writer: BinaryWriter) => void): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter()
  write(writer)
  return Uint8Array.from(writer.finish())
}

function part(writer: BinaryWriter, field: number, bytes: Uint8Array): void {
  writer.tag(field, WireType.LengthDelimited).bytes(bytes)
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value)
}

function int(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value)
}
