import { elements } from '@leti/network'
import { LetiError } from '@leti/records'
import { printable } from '../../importer/names.js'
import type { Constant, Numbers } from '../../importer/constant.js'
import { isShape } from '../../importer/shapes.js'
import { fromHalf } from '../../weights/half.js'
import { damaged, type Message } from './protobuf.js'

/** Fields of `TensorProto`. */
const FIELD = {
  dims: 1,
  dataType: 2,
  floats: 4,
  int32s: 5,
  int64s: 7,
  name: 8,
  raw: 9,
  dataLocation: 14,
} as const

/** `TensorProto.DataType`. */
export const FLOAT = 1

interface DataType {
  readonly width: number
  readonly isFloat: boolean
  readonly decode: (buffer: ArrayBuffer) => Numbers
  /** The field that holds the numbers where they are not raw. */
  readonly field: number
}

const integers = (
  width: number,
  decode: (buffer: ArrayBuffer) => ArrayLike<number>,
  field: number = FIELD.int32s,
): DataType => ({
  width,
  isFloat: false,
  decode: (buffer) => Float64Array.from(decode(buffer)),
  field,
})

/** By their numbers in `TensorProto.DataType`. */
const TYPES: ReadonlyMap<number, DataType> = new Map<number, DataType>([
  [FLOAT, { width: 4, isFloat: true, decode: (b) => new Float32Array(b), field: FIELD.floats }],
  [2, integers(1, (buffer) => new Uint8Array(buffer))],
  [3, integers(1, (buffer) => new Int8Array(buffer))],
  [4, integers(2, (buffer) => new Uint16Array(buffer))],
  [5, integers(2, (buffer) => new Int16Array(buffer))],
  [6, integers(4, (buffer) => new Int32Array(buffer))],
  [7, integers(8, (buffer) => Array.from(new BigInt64Array(buffer), Number), FIELD.int64s)],
  [9, integers(1, (buffer) => new Uint8Array(buffer))],
  [10, { width: 2, isFloat: true, decode: halves, field: FIELD.int32s }],
  [
    11,
    {
      width: 8,
      isFloat: true,
      decode: (buffer) => Float32Array.from(new Float64Array(buffer)),
      field: NaN,
    },
  ],
])

/**
 * The constant that a tensor of the file is: its numbers are read when they are asked for.
 *
 * @throws {LetiError} `bad-model`, `unsupported`
 */
export function tensorConstant(tensor: Message): Constant {
  const name = tensor.text(FIELD.name)
  const shape = tensor.ints(FIELD.dims)
  const type = TYPES.get(tensor.int(FIELD.dataType))
  if (!isShape(shape)) throw damaged(`${printable(name)} has no shape`)
  if (!type) {
    const code = tensor.int(FIELD.dataType)
    throw new LetiError('unsupported', `${printable(name)} holds numbers of type ${code}`)
  }
  if (tensor.int(FIELD.dataLocation) !== 0) {
    throw new LetiError('unsupported', `${printable(name)} is in another file`)
  }
  const raw = tensor.bytes(FIELD.raw)
  const named = { ...(name && { name }), shape, isFloat: type.isFloat }
  const count = elements(shape)
  if (raw) {
    if (raw.length !== count * type.width) throw miscounted(name)
    // A copy lies at a multiple of the numbers' size.
    return { ...named, read: () => type.decode(Uint8Array.from(raw).buffer) }
  }
  const values = listed(tensor, type)
  if (values.length !== count) throw miscounted(name)
  return { ...named, read: () => values.slice() }
}

function listed(tensor: Message, { field, isFloat }: DataType): Numbers {
  if (field === FIELD.floats) return Float32Array.from(tensor.floats(field))
  const ints = tensor.ints(field)
  return isFloat ? fromHalf(Uint16Array.from(ints)) : Float64Array.from(ints)
}

function halves(buffer: ArrayBuffer): Numbers {
  return fromHalf(new Uint16Array(buffer))
}

function miscounted(name: string): LetiError {
  return damaged(`${printable(name)} holds another count of numbers than its shape says`)
}
