import { Builder } from 'flatbuffers'
import type { BuiltinOperator, Data, Graph, Tensor } from './graph.js'
import { minRuntimeVersion } from './runtime-version.js'
import { BUILTINS, codeOf, type Builtin } from '../schema.js'
import { addOptions, addTable, ints, offsets, type Field } from './tables.js'

const SCHEMA_VERSION = 3

/** Codes from this one on do not fit into the old one-byte field, which then holds this number. */
const PLACEHOLDER_FOR_GREATER_OP_CODES = 127

/** The tables of a model file; the data of its buffers must follow. */
export interface Head {
  readonly bytes: Uint8Array
  /** For each buffer with data: the position in `bytes` of the offset that must point to the data. */
  readonly buffers: readonly { readonly field: number; readonly data: Data }[]
}

/**
 * Serializes the tables of a model file without the data of its buffers: weights are too large for a
 * flatbuffer's builder.
 *
 * @param name of the model
 */
export function serialize(graph: Graph, name: string): Head {
  const builder = new Builder(1024)
  const codes = new Map<string, BuiltinOperator>()
  for (const operator of graph.operators) codes.set(versionOf(operator), operator)
  const codeIndex = new Map([...codes.keys()].map((code, index) => [code, index]))

  // By convention the first buffer is empty and belongs to all computed tensors.
  const metadata = minRuntimeVersion(graph.operators)
  const data = [...graph.tensors.flatMap((tensor) => tensor.data ?? []), metadata]
  const empty = addTable(builder, [])
  const filled = data.map(() => addTable(builder, [DATA_TO_COME]))

  let buffer = 0
  const tensors = graph.tensors.map((tensor) =>
    addTensor(builder, tensor, tensor.data ? ++buffer : 0),
  )
  const operators = graph.operators.map((operator) =>
    addOperator(builder, operator, codeIndex.get(versionOf(operator)) as number),
  )
  const subgraph = addTable(builder, [
    offsets(builder, tensors),
    ints(builder, graph.inputs),
    ints(builder, graph.outputs),
    offsets(builder, operators),
    { kind: 'offset', value: builder.createString('main') },
  ])
  const model = addTable(builder, [
    { kind: 'int', value: SCHEMA_VERSION },
    offsets(
      builder,
      [...codes.values()].map((operator) => addCode(builder, operator)),
    ),
    offsets(builder, [subgraph]),
    { kind: 'offset', value: builder.createString(name) },
    offsets(builder, [empty, ...filled]),
    undefined,
    offsets(builder, [addRuntimeVersion(builder, data.length)]),
    offsets(builder, [addSignature(builder, graph)]),
  ])
  builder.finish(model, 'TFL3')
  const bytes = builder.asUint8Array()
  return {
    bytes,
    buffers: data.map((of, index) => ({ data: of, field: firstField(bytes, filled[index]) })),
  }
}

/** A placeholder for an offset: it is set once the position of the data is known. */
const DATA_TO_COME: Field = { kind: 'int', value: 1 }

/** The position of a table's first field. */
function firstField(bytes: Uint8Array, table: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // The builder counts positions from the end.
  const start = bytes.length - table
  const vtable = start - view.getInt32(start, true)
  return start + view.getUint16(vtable + 4, true)
}

function versionOf({ builtin, version }: BuiltinOperator): string {
  return `${builtin}/${version}`
}

function addCode(builder: Builder, { builtin, version }: BuiltinOperator): number {
  const code = codeOf(builtin)
  return addTable(builder, [
    { kind: 'byte', value: Math.min(code, PLACEHOLDER_FOR_GREATER_OP_CODES) },
    undefined,
    { kind: 'int', value: version, default: 1 },
    { kind: 'int', value: code },
  ])
}

function addTensor(builder: Builder, tensor: Tensor, buffer: number): number {
  return addTable(builder, [
    ints(builder, tensor.shape),
    { kind: 'byte', value: tensor.type },
    { kind: 'int', value: buffer },
    { kind: 'offset', value: builder.createString(tensor.name) },
  ])
}

function addOperator(builder: Builder, operator: BuiltinOperator, code: number): number {
  const { options }: Builtin = BUILTINS[operator.builtin]
  return addTable(builder, [
    { kind: 'int', value: code },
    ints(builder, operator.inputs),
    ints(builder, operator.outputs),
    options && { kind: 'byte', value: options.union },
    options && { kind: 'offset', value: addOptions(builder, options, operator.options) },
  ])
}

function addRuntimeVersion(builder: Builder, buffer: number): number {
  return addTable(builder, [
    { kind: 'offset', value: builder.createString('min_runtime_version') },
    { kind: 'int', value: buffer },
  ])
}

/** The signature, from which runtimes take the names of inputs and outputs. */
function addSignature(builder: Builder, { tensors, inputs, outputs }: Graph): number {
  const named = (indices: readonly number[]): Field =>
    offsets(
      builder,
      indices.map((index) =>
        addTable(builder, [
          { kind: 'offset', value: builder.createString(tensors[index].name) },
          { kind: 'int', value: index },
        ]),
      ),
    )
  return addTable(builder, [
    named(inputs),
    named(outputs),
    { kind: 'offset', value: builder.createString('serving_default') },
  ])
}
