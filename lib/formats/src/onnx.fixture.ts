import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import * as ort from 'onnxruntime-web'

// `onnx.proto`: the few fields that a model of float tensors needs.

type Attribute = number | string | readonly number[] | Tensor

export interface Tensor {
  readonly shape: readonly number[]
  /** `int64` where they are none, nor codes. */
  readonly floats?: Float32Array
  readonly codes?: Int8Array | Uint8Array | Int32Array
  readonly ints?: readonly number[]
}

export interface OnnxNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Numbers that are floats end in `f`: `alpha_f`. */
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly domain?: string
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[]
  readonly constants?: Readonly<Record<string, Tensor>>
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>
  readonly outputs: readonly string[]
  readonly opset?: number
  /** `TensorProto.DataType` of the inputs; floats where it is not said. */
  readonly inputType?: number
}

/** The bytes of an `.onnx` file. */
export function onnxBytes(model: OnnxModel): Uint8Array<ArrayBuffer> {
  const { nodes, constants = {}, inputs, outputs, opset = 17, inputType = 1 } = model
  const graph = message((writer) => {
    for (const node of nodes) part(writer, 1, nodeBytes(node))
    text(writer, 2, 'graph')
    for (const [name, tensor] of Object.entries(constants))
      part(writer, 5, tensorBytes(tensor, name))
    for (const [name, shape] of Object.entries(inputs))
      part(writer, 11, infoBytes(name, shape, inputType))
    for (const name of outputs) part(writer, 12, infoBytes(name))
  })
  return message((writer) => {
    int(writer, 1, 8)
    part(writer, 7, graph)
    part(
      writer,
      8,
      message((entry) => int(entry, 2, opset)),
    )
  })
}

/** A file that gives a tensor within in place of its one output. */
export function withOutput(file: Uint8Array, tensor: string): Uint8Array<ArrayBuffer> {
  return replaced(file, 7, (graph) => replaced(graph, 12, () => infoBytes(tensor)))
}

export interface OnnxRun {
  readonly inputs: readonly (readonly number[])[]
  readonly outputs: readonly (readonly number[])[]
  readonly values: readonly Float32Array[]
}

/**
 * Runs a file in ONNX Runtime at batch 1.
 *
 * @param feed the elements of the input of this position and shape
 * @param given the shape of the only input of a file that leaves it open
 */
export async function runInOnnxRuntime(
  file: Uint8Array,
  feed: (input: number, shape: readonly number[]) => Float32Array,
  given?: readonly number[],
): Promise<OnnxRun> {
  const session = await ort.InferenceSession.create(file)
  const tensors = session.inputMetadata.map((input, index) => {
    if (!input.isTensor) throw new Error(`${input.name} is no tensor`)
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
    for (const name of inputs) text(writer, 1, name)
    for (const name of outputs) text(writer, 2, name)
    text(writer, 4, op)
    for (const [name, value] of Object.entries(attributes))
      part(writer, 5, attributeBytes(name, value))
    text(writer, 7, domain)
  })
}

/** With its type, by `AttributeProto.AttributeType`. */
function attributeBytes(name: string, value: Attribute): Uint8Array {
  return message((writer) => {
    text(writer, 1, name.replace(/_f$/, ''))
    if (typeof value === 'string') {
      text(writer, 4, value)
      int(writer, 20, 3)
    } else if (typeof value === 'object' && 'shape' in value) {
      part(writer, 5, tensorBytes(value, ''))
      int(writer, 20, 4)
    } else if (typeof value === 'object') {
      const isFloat = name.endsWith('_f')
      for (const of of value) {
        if (isFloat) writer.tag(7, WireType.Bit32).float(of)
        else int(writer, 8, of)
      }
      int(writer, 20, isFloat ? 6 : 7)
    } else if (name.endsWith('_f')) {
      writer.tag(2, WireType.Bit32).float(value)
      int(writer, 20, 1)
    } else {
      int(writer, 3, value)
      int(writer, 20, 2)
    }
  })
}

function tensorBytes({ shape, floats, codes, ints = [] }: Tensor, name: string): Uint8Array {
  const raw = floats ?? codes
  return message((writer) => {
    for (const size of shape) int(writer, 1, size)
    int(writer, 2, raw ? DATA_TYPES[raw.constructor.name] : 7)
    text(writer, 8, name)
    if (raw) part(writer, 9, new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength))
    else for (const of of ints) int(writer, 7, of)
  })
}

/** `TensorProto.DataType`. */
const DATA_TYPES: Readonly<Record<string, number>> = {
  Float32Array: 1,
  Uint8Array: 2,
  Int8Array: 3,
  Int32Array: 6,
}

function infoBytes(name: string, shape?: readonly (number | string)[], type = 1): Uint8Array {
  const tensor = message((writer) => {
    int(writer, 1, type)
    if (shape) part(writer, 2, shapeBytes(shape))
  })
  return message((writer) => {
    text(writer, 1, name)
    part(
      writer,
      2,
      message((of) => part(of, 1, tensor)),
    )
  })
}

function shapeBytes(shape: readonly (number | string)[]): Uint8Array {
  return message((writer) => {
    for (const size of shape) {
      const dim = message((of) => {
        if (typeof size === 'number') int(of, 1, size)
        else text(of, 2, size)
      })
      part(writer, 1, dim)
    }
  })
}

// Wire types.
const VARINT = 0
const LENGTH_DELIMITED = 2
const BIT32 = 5

/** A message with one of its fields written anew. */
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
