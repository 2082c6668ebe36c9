import { LetiError } from '@leti/records'
import { printable } from '../../importer/names.js'
import { BUILTIN_NAMES } from '../builtin-names.js'
import { damaged, Flatbuffer, type Table } from './flatbuffer.js'
import { BUILTINS, type Builtin, type BuiltinName } from '../schema.js'

/** A tensor as the file has it. */
export interface ParsedTensor {
  readonly name: string
  /** With its batch; sizes that the file leaves open are 1. */
  readonly shape: readonly number[]
  /** The same with -1 where a size is open. */
  readonly signature: readonly number[]
  readonly type: number
  /** How its whole numbers stand for others. */
  readonly quantisation?: Quantisation | undefined
  /** The bytes of a constant. */
  readonly data?: Uint8Array
  readonly sparsity?: Table
}

/** Real numbers are `scale * (code - zero)`: one of each for all, or for each index of an axis. */
export interface Quantisation {
  readonly scales: readonly number[]
  readonly zeros: readonly number[]
  readonly axis: number
}

export interface ParsedOperator {
  readonly name: string
  /** Whether the name is the file's own, and none of the schema's. */
  readonly isCustom: boolean
  /** Indices of tensors; -1 for an optional one that is not there. */
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  /** The values of the fields of its options, by their names in the schema. */
  readonly options: Readonly<Record<string, number>>
  readonly squeezeDims: readonly number[]
  readonly customOptions: Uint8Array
}

export interface ParsedModel {
  readonly tensors: readonly ParsedTensor[]
  readonly operators: readonly ParsedOperator[]
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
}

/** Beyond this no runtime goes. */
export const MAX_RANK = 8

/**
 * The first subgraph of a `.tflite` file, which is the main one: those that its control flow calls are
 * left.
 *
 * @throws {LetiError} `bad-model` where the file is damaged, `unsupported` beyond LETI's limits
 */
export function parseTflite(bytes: Uint8Array): ParsedModel {
  if (bytes.length < 8 || new TextDecoder().decode(bytes.subarray(4, 8)) !== 'TFL3') {
    throw new LetiError('bad-model', 'not a .tflite file')
  }
  const file = new Flatbuffer(bytes)
  const model = file.root()
  const codes = model.tables(1).map(parseCode)
  const [subgraph] = model.tables(2)
  if (!subgraph) throw damaged('it has no graph')
  const buffers = model.tables(4).map((table) => dataOf(table, file))
  const tensors = subgraph.tables(0).map((table) => parseTensor(table, buffers))
  const indices = (list: readonly number[], lowest: number): readonly number[] => {
    for (const index of list) {
      if (index < lowest || index >= tensors.length) throw damaged(`there is no tensor ${index}`)
    }
    return list
  }
  return {
    tensors,
    operators: subgraph.tables(3).map((table) => {
      const code = codes[table.int(0)]
      if (code === undefined) throw damaged('an operator has no code')
      return {
        ...code,
        inputs: indices(operands(table, 1), -1),
        outputs: indices(operands(table, 2), 0),
        ...parseOptions(code, table),
        customOptions: table.bytes(5) ?? new Uint8Array(),
      }
    }),
    inputs: indices(subgraph.ints(1), 0),
    outputs: indices(subgraph.ints(2), 0),
  }
}

const CUSTOM = 'CUSTOM'

type Code = Pick<ParsedOperator, 'name' | 'isCustom'>

/** Codes from 127 on are in a field that older files have not. */
function parseCode(table: Table): Code {
  const code = Math.max(table.byte(0), table.int(3))
  const name = BUILTIN_NAMES[code] ?? `BUILTIN_${code}`
  return name === CUSTOM ? { name: table.string(1), isCustom: true } : { name, isCustom: false }
}

/** Many times what the largest concatenations have. */
const MAX_OPERANDS = 4096

function operands(table: Table, slot: number): number[] {
  const list = table.ints(slot)
  if (list.length <= MAX_OPERANDS) return list
  throw new LetiError('unsupported', `an operator of more than ${MAX_OPERANDS} tensors`)
}

/** Data within the flatbuffer, or in a large file after it. */
function dataOf(table: Table, file: Flatbuffer): Uint8Array | undefined {
  const offset = table.long(1)
  const data = offset > 1 ? file.slice(offset, table.long(2)) : table.bytes(0)
  return data?.length ? data : undefined
}

function parseTensor(table: Table, buffers: readonly (Uint8Array | undefined)[]): ParsedTensor {
  const shape = table.ints(0)
  const buffer = table.int(2)
  const name = table.string(3)
  const signature = table.ints(7)
  if (shape.length > MAX_RANK || shape.some((size) => size < -1)) {
    throw damaged(`${printable(name)} has the shape ${shape.slice(0, 9).join('x')}`)
  }
  if (buffer < 0 || buffer >= Math.max(buffers.length, 1)) {
    throw damaged(`there is no buffer ${buffer}`)
  }
  return {
    name,
    shape: shape.map((size) => (size === -1 ? 1 : size)),
    type: table.byte(1),
    quantisation: parseQuantisation(table.table(4)),
    data: buffers[buffer],
    sparsity: table.table(6),
    signature: signature.length > 0 ? signature : shape,
  }
}

function parseQuantisation(table: Table | undefined): Quantisation | undefined {
  const scales = table?.floats(2) ?? []
  if (!table || scales.length === 0) return undefined
  return { scales, zeros: table.longs(3), axis: table.int(6) }
}

function parseOptions(
  { name, isCustom }: Code,
  operator: Table,
): Pick<ParsedOperator, 'options' | 'squeezeDims'> {
  const options: Record<string, number> = {}
  const isKnown = !isCustom && Object.hasOwn(BUILTINS, name)
  const builtin: Builtin | undefined = isKnown ? BUILTINS[name as BuiltinName] : undefined
  const { union, fields } = builtin?.options ?? { union: 0, fields: {} }
  const table = operator.byte(3) === union ? operator.table(4) : undefined
  let squeezeDims: number[] = []
  for (const [slot, [field, type]] of Object.entries(fields).entries()) {
    if (field === 'squeeze_dims') squeezeDims = table?.ints(slot) ?? []
    else if (type.kind === 'byte') options[field] = table?.byte(slot, type.default) ?? type.default
    else if (type.kind === 'int') options[field] = table?.int(slot, type.default) ?? type.default
    else if (type.kind === 'float') options[field] = table?.float(slot) ?? type.default
  }
  return { options, squeezeDims }
}
