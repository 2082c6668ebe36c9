import { Builder } from 'flatbuffers'
import { BUILTIN_NAMES } from '../builtin-names.js'
import type { OptionValues } from '../write/graph.js'
import { BUILTINS, type Builtin } from '../schema.js'
import { addOptions, addTable, ints, offsets, type Field } from '../write/tables.js'

/** A quantized tensor, or one of floats if it has no scales. */
export interface QuantizedTensor {
  readonly shape: readonly number[]
  /** The shape with -1 for open sizes. */
  readonly signature?: readonly number[]
  /** `TensorType` in the schema: int8 is 9, int32 is 2. */
  readonly type: number
  readonly scales?: readonly number[]
  readonly zero?: number
  readonly axis?: number
  readonly data?: ArrayBufferView
}

/** An operator on tensors by their names. */
export interface QuantizedOperator {
  readonly builtin: string
  readonly version: number
  readonly inputs: readonly string[]
  readonly output: string
  readonly options?: OptionValues
}

/** A graph of a file. */
export interface GraphOf {
  readonly tensors: Readonly<Record<string, QuantizedTensor>>
  readonly operators: readonly QuantizedOperator[]
  readonly inputs?: readonly string[]
  readonly outputs?: readonly string[]
}

/** The bytes of a quantized `.tflite` file with the input `x` and the output `y`. */
export function quantizedBytes(
  tensors: Readonly<Record<string, QuantizedTensor>>,
  operators: readonly QuantizedOperator[],
): Uint8Array {
  return bytesOfGraphs({ tensors, operators })
}

/** The bytes of a file with several graphs, the main one first; by default from `x` to `y`. */
export function bytesOfGraphs(...graphs: readonly GraphOf[]): Uint8Array {
  const builder = new Builder()
  const buffers: (ArrayBufferView | undefined)[] = [undefined]
  const codes: QuantizedOperator[] = []
  const drawn = graphs.map((graph) => addGraph(builder, graph, buffers, codes))
  const tables = codes.map(({ builtin, version }) =>
    addTable(builder, [
      { kind: 'byte', value: Math.min(BUILTIN_NAMES.indexOf(builtin), 127) },
      undefined,
      { kind: 'int', value: version },
      { kind: 'int', value: BUILTIN_NAMES.indexOf(builtin) },
    ]),
  )
  const model = addTable(builder, [
    { kind: 'int', value: 3 },
    offsets(builder, tables),
    offsets(builder, drawn),
    undefined,
    offsets(
      builder,
      buffers.map((data) => addBuffer(builder, data)),
    ),
  ])
  builder.finish(model, 'TFL3')
  return builder.asUint8Array()
}

function addGraph(
  builder: Builder,
  { tensors, operators, inputs = ['x'], outputs = ['y'] }: GraphOf,
  buffers: (ArrayBufferView | undefined)[],
  codes: QuantizedOperator[],
): number {
  const names = Object.keys(tensors)
  const tables = names.map((name) => {
    buffers.push(tensors[name].data)
    return addTensor(builder, name, tensors[name], buffers.length - 1)
  })
  const indices = (list: readonly string[]): Field =>
    ints(
      builder,
      list.map((name) => names.indexOf(name)),
    )
  const drawn = operators.map((operator) => {
    const { builtin, options = {} } = operator
    const known = (BUILTINS as Readonly<Record<string, Builtin | undefined>>)[builtin]
    codes.push(operator)
    return addTable(builder, [
      { kind: 'int', value: codes.length - 1 },
      indices(operator.inputs),
      indices([operator.output]),
      known?.options && { kind: 'byte', value: known.options.union },
      known?.options && { kind: 'offset', value: addOptions(builder, known.options, options) },
    ])
  })
  return addTable(builder, [
    offsets(builder, tables),
    indices(inputs),
    indices(outputs),
    offsets(builder, drawn),
  ])
}

function addTensor(builder: Builder, name: string, tensor: QuantizedTensor, buffer: number) {
  const { shape, type, scales, zero = 0, axis = 0, signature } = tensor
  return addTable(builder, [
    ints(builder, shape),
    { kind: 'byte', value: type },
    { kind: 'int', value: buffer },
    { kind: 'offset', value: builder.createString(name) },
    scales && { kind: 'offset', value: addQuantization(builder, scales, zero, axis) },
    undefined,
    undefined,
    signature && ints(builder, signature),
  ])
}

function addQuantization(
  builder: Builder,
  scales: readonly number[],
  zero: number,
  axis: number,
): number {
  builder.startVector(4, scales.length, 4)
  for (const scale of scales.toReversed()) builder.addFloat32(scale)
  const scaleVector = builder.endVector()
  builder.startVector(8, scales.length, 8)
  scales.forEach(() => builder.addInt64(BigInt(zero)))
  const zeroVector = builder.endVector()
  return addTable(builder, [
    undefined,
    undefined,
    { kind: 'offset', value: scaleVector },
    { kind: 'offset', value: zeroVector },
    undefined,
    undefined,
    { kind: 'int', value: axis },
  ])
}

function addBuffer(builder: Builder, data: ArrayBufferView | undefined): number {
  if (!data) return addTable(builder, [])
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  builder.startVector(1, bytes.length, 16)
  for (const byte of bytes.toReversed()) builder.addInt8(byte)
  return addTable(builder, [{ kind: 'offset', value: builder.endVector() }])
}
