import { LetiError } from '@leti/records'
import { printable } from '../../importer/names.js'
import { BUILTIN_NAMES } from '../builtin-names.js'
import { damaged, Flatbuffer, type Table } from './flatbuffer.js'
import {
  BUFFER,
  BUILTINS,
  MODEL,
  OPERATOR,
  OPERATOR_CODE,
  QUANTIZATION,
  SUBGRAPH,
  TENSOR,
  type Builtin,
  type BuiltinName,
} from '../schema.js'

/** A tensor of a file. */
export interface ParsedTensor {
  readonly name: string
  /** With the batch; an open size is 1. */
  readonly shape: readonly number[]
  /** The shape with -1 for open sizes. */
  readonly signature: readonly number[]
  readonly type: number
  /** The real numbers that its codes stand for. */
  readonly quantization?: Quantization | undefined
  /** The bytes of a constant. */
  readonly data?: Uint8Array
  readonly sparsity?: Table
}

/** A real number is `scale * (code - zero)`, with one pair for the tensor or one per index of an axis. */
export interface Quantization {
  readonly scales: readonly number[]
  readonly zeros: readonly number[]
  readonly axis: number
}

export interface ParsedOperator {
  readonly name: string
  /** Whether the file defines the operator by this name, rather than the schema. */
  readonly isCustom: boolean
  /** Indices of tensors; -1 for an optional input that is absent. */
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  /** The values of the fields of its options, by their names in the schema. */
  readonly options: Readonly<Record<string, number>>
  readonly squeezeDims: readonly number[]
  /** The shape that a RESHAPE states in its options; empty if it states none. */
  readonly newShape: readonly number[]
  readonly customOptions: Uint8Array
}

/** A graph of a file. */
export interface ParsedGraph {
  readonly tensors: readonly ParsedTensor[]
  readonly operators: readonly ParsedOperator[]
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
}

/** The main graph of a file, and all of its graphs by their numbers. */
export interface ParsedModel extends ParsedGraph {
  readonly graphs: readonly ParsedGraph[]
}

/** Limit on the axes of a tensor; runtimes have the same. */
export const MAX_RANK = 8

/**
 * Parses a `.tflite` file. Its main graph comes first; control flow calls the others.
 *
 * @throws {LetiError} `bad-model` if the file is damaged, `unsupported` beyond LETI's limits
 */
export function parseTflite(bytes: Uint8Array): ParsedModel {
  if (bytes.length < 8 || new TextDecoder().decode(bytes.subarray(4, 8)) !== 'TFL3') {
    throw new LetiError('bad-model', 'not a .tflite file')
  }
  const file = new Flatbuffer(bytes)
  const model = file.root()
  const codes = model.tables(MODEL.operator_codes).map(parseCode)
  const buffers = model.tables(MODEL.buffers).map((table) => dataOf(table, file))
  const graphs = model.tables(MODEL.subgraphs).map((table) => parseGraph(table, codes, buffers))
  if (graphs.length === 0) throw damaged('it has no graph')
  return { ...graphs[0], graphs }
}

function parseGraph(
  subgraph: Table,
  codes: readonly Code[],
  buffers: readonly (Uint8Array | undefined)[],
): ParsedGraph {
  const tensors = subgraph.tables(SUBGRAPH.tensors).map((table) => parseTensor(table, buffers))
  const indices = (list: readonly number[], lowest: number): readonly number[] => {
    for (const index of list) {
      if (index < lowest || index >= tensors.length) throw damaged(`there is no tensor ${index}`)
    }
    return list
  }
  return {
    tensors,
    operators: subgraph.tables(SUBGRAPH.operators).map((table) => {
      const code = codes.at(table.int(OPERATOR.opcode_index))
      if (code === undefined) throw damaged('an operator has no operator code')
      return {
        ...code,
        inputs: indices(operands(table, OPERATOR.inputs), -1),
        outputs: indices(operands(table, OPERATOR.outputs), 0),
        ...parseOptions(code, table),
        customOptions: table.bytes(OPERATOR.custom_options) ?? new Uint8Array(),
      }
    }),
    inputs: indices(subgraph.ints(SUBGRAPH.inputs), 0),
    outputs: indices(subgraph.ints(SUBGRAPH.outputs), 0),
  }
}

const CUSTOM = 'CUSTOM'

type Code = Pick<ParsedOperator, 'name' | 'isCustom'>

/** Codes from 127 on have a field of their own, which older files lack. */
function parseCode(table: Table): Code {
  const code = Math.max(
    table.byte(OPERATOR_CODE.deprecated_builtin_code),
    table.int(OPERATOR_CODE.builtin_code),
  )
  const name = BUILTIN_NAMES[code] ?? `BUILTIN_${code}`
  return name === CUSTOM
    ? { name: table.string(OPERATOR_CODE.custom_code), isCustom: true }
    : { name, isCustom: false }
}

/** Limit on the tensors that an operator reads; the largest concatenations have far fewer. */
const MAX_OPERANDS = 4096

function operands(table: Table, slot: number): number[] {
  const list = table.ints(slot)
  if (list.length <= MAX_OPERANDS) return list
  throw new LetiError('unsupported', `an operator of more than ${MAX_OPERANDS} tensors`)
}

/** Data within the flatbuffer or, in a large file, after it. */
function dataOf(table: Table, file: Flatbuffer): Uint8Array | undefined {
  const offset = table.long(BUFFER.offset)
  const data = offset > 1 ? file.slice(offset, table.long(BUFFER.size)) : table.bytes(BUFFER.data)
  return data?.length ? data : undefined
}

function parseTensor(table: Table, buffers: readonly (Uint8Array | undefined)[]): ParsedTensor {
  const shape = table.ints(TENSOR.shape)
  const buffer = table.int(TENSOR.buffer)
  const name = table.string(TENSOR.name)
  const signature = table.ints(TENSOR.shape_signature)
  if (shape.length > MAX_RANK || shape.some((size) => size < -1)) {
    throw damaged(`${printable(name)} has the shape ${shape.slice(0, 9).join('x')}`)
  }
  if (buffer < 0 || buffer >= Math.max(buffers.length, 1)) {
    throw damaged(`there is no buffer ${buffer}`)
  }
  return {
    name,
    shape: shape.map((size) => (size === -1 ? 1 : size)),
    type: table.byte(TENSOR.type),
    quantization: parseQuantization(table.table(TENSOR.quantization)),
    data: buffers[buffer],
    sparsity: table.table(TENSOR.sparsity),
    signature: signature.length > 0 ? signature : shape,
  }
}

function parseQuantization(table: Table | undefined): Quantization | undefined {
  const scales = table?.floats(QUANTIZATION.scale) ?? []
  if (!table || scales.length === 0) return undefined
  return {
    scales,
    zeros: table.longs(QUANTIZATION.zero_point),
    axis: table.int(QUANTIZATION.quantized_dimension),
  }
}

function parseOptions(
  { name, isCustom }: Code,
  operator: Table,
): Pick<ParsedOperator, 'options' | 'squeezeDims' | 'newShape'> {
  const options: Record<string, number> = {}
  const isKnown = !isCustom && Object.hasOwn(BUILTINS, name)
  const builtin: Builtin | undefined = isKnown ? BUILTINS[name as BuiltinName] : undefined
  const { union, fields } = builtin?.options ?? { union: 0, fields: {} }
  const table =
    operator.byte(OPERATOR.builtin_options_type) === union
      ? operator.table(OPERATOR.builtin_options)
      : undefined
  let squeezeDims: number[] = []
  let newShape: number[] = []
  for (const [slot, [field, type]] of Object.entries(fields).entries()) {
    if (field === 'squeeze_dims') squeezeDims = table?.ints(slot) ?? []
    else if (field === 'new_shape') newShape = table?.ints(slot) ?? []
    else if (type.kind === 'byte') options[field] = table?.byte(slot, type.default) ?? type.default
    else if (type.kind === 'int') options[field] = table?.int(slot, type.default) ?? type.default
    else if (type.kind === 'float') options[field] = table?.float(slot) ?? type.default
  }
  return { options, squeezeDims, newShape }
}
