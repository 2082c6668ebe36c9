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

/** The bytes of a quantized `.tflite` file with the input `x` and the output `y`. */
export function quantizedBytes(
  tensors: Readonly<Record<string, QuantizedTensor>>,
  operators: readonly QuantizedOperator[],
): Uint8Array {
  const builder = new Builder()
  const names = Object.keys(tensors)
  const tables = names.map((name, index) => addTensor(builder, name, tensors[name], index + 1))
  const indices = (list: readonly string[]): Field =>
    ints(
      builder,
      list.map((name) => names.indexOf(name)),
    )
  const drawn = operators.map(({ builtin, inputs, output, options = {} }, code) => {
    const known = (BUILTINS as Readonly<Record<string, Builtin | undefined>>)[builtin]
    return addTable(builder, [
      { kind: 'int', value: code },
      indices(inputs),
      indices([output]),
      known?.options && { kind: 'byte', value: known.options.union },
      known?.options && { kind: 'offset', value: addOptions(builder, known.options, options) },
    ])
  })
  const graph = addTable(builder, [
    offsets(builder, tables),
    indices(['x']),
    indices(['y']),
    offsets(builder, drawn),
  ])
  const codes = operators.map(({ builtin, version }) =>
    addTable(builder, [
      { kind: 'byte', value: Math.min(BUILTIN_NAMES.indexOf(builtin), 127) },
      undefined,
      { kind: 'int', value: version },
      { kind: 'int', value: BUILTIN_NAMES.indexOf(builtin) },
    ]),
  )
  const buffers = [undefined, ...names.map((name) => tensors[name].data)]
  const model = addTable(builder, [
    { kind: 'int', value: 3 },
    offsets(builder, codes),
    offsets(builder, [graph]),
    undefined,
    offsets(
      builder,
      buffers.map((data) => addBuffer(builder, data)),
    ),
  ])
  builder.finish(model, 'TFL3')
  return builder.asUint8Array()
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
