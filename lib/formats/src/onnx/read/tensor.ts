import { elements } from '@leti/network'
import { LetiError } from '@leti/records'
import { printable } from '../../importer/names.js'
import type { Constant, Numbers } from '../../importer/constant.js'
import { isShape } from '../../importer/shapes.js'
import { fromHalf } from '../../weights/half.js'
import { DATA_LOCATION, DATA_TYPE, TENSOR } from '../schema.js'
import { externalBytes, type ExternalFiles } from './external.js'
import { damaged, type Message } from './protobuf.js'

/** How a tensor stores its numbers: as raw bytes, or in a list of its own. */
interface Storage {
  /** Bytes per number in `raw_data`; less than one if several are packed into a byte, the first lowest. */
  readonly width: number
  readonly isFloat: boolean
  readonly decode: (buffer: ArrayBuffer) => Numbers
  readonly list: (tensor: Message) => Numbers
}

/** By `TensorProto.DataType`. */
const STORAGE: ReadonlyMap<number, Storage> = new Map<number, Storage>([
  [
    DATA_TYPE.float,
    {
      width: 4,
      isFloat: true,
      decode: (buffer) => new Float32Array(buffer),
      list: (tensor) => Float32Array.from(tensor.floats(TENSOR.floatData)),
    },
  ],
  [DATA_TYPE.uint8, integers(1, (buffer) => new Uint8Array(buffer))],
  [DATA_TYPE.int8, integers(1, (buffer) => new Int8Array(buffer))],
  [DATA_TYPE.uint16, integers(2, (buffer) => new Uint16Array(buffer))],
  [DATA_TYPE.int16, integers(2, (buffer) => new Int16Array(buffer))],
  [DATA_TYPE.int32, integers(4, (buffer) => new Int32Array(buffer))],
  [
    DATA_TYPE.int64,
    integers(8, (buffer) => Array.from(new BigInt64Array(buffer), Number), TENSOR.int64Data),
  ],
  [DATA_TYPE.uint32, integers(4, (buffer) => new Uint32Array(buffer), TENSOR.uint64Data)],
  [
    DATA_TYPE.uint64,
    integers(8, (buffer) => Array.from(new BigUint64Array(buffer), Number), TENSOR.uint64Data),
  ],
  [DATA_TYPE.bool, integers(1, (buffer) => new Uint8Array(buffer))],
  [DATA_TYPE.uint4, packed(4, false)],
  [DATA_TYPE.int4, packed(4, true)],
  [DATA_TYPE.uint2, packed(2, false)],
  [DATA_TYPE.int2, packed(2, true)],
  [
    DATA_TYPE.bfloat16,
    {
      width: 2,
      isFloat: true,
      decode: (buffer) => fromBfloat16(new Uint16Array(buffer)),
      list: (tensor) => fromBfloat16(Uint16Array.from(tensor.ints(TENSOR.int32Data))),
    },
  ],
  [
    DATA_TYPE.float16,
    {
      width: 2,
      isFloat: true,
      decode: (buffer) => fromHalf(new Uint16Array(buffer)),
      list: (tensor) => fromHalf(Uint16Array.from(tensor.ints(TENSOR.int32Data))),
    },
  ],
  [
    DATA_TYPE.double,
    {
      width: 8,
      isFloat: true,
      decode: (buffer) => Float32Array.from(new Float64Array(buffer)),
      list: (tensor) => {
        const bytes = tensor.bytes(TENSOR.doubleData) ?? new Uint8Array()
        if (bytes.length % 8 !== 0) throw damaged('a list of doubles ends within a number')
        return Float32Array.from(new Float64Array(Uint8Array.from(bytes).buffer))
      },
    },
  ],
])

/** A bfloat16 is the upper half of a float32. */
function fromBfloat16(codes: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(codes, (code) => code << 16).buffer)
}

function integers(
  width: number,
  decode: (buffer: ArrayBuffer) => ArrayLike<number>,
  field: number = TENSOR.int32Data,
): Storage {
  return {
    width,
    isFloat: false,
    decode: (buffer) => Float64Array.from(decode(buffer)),
    list: (tensor) => Float64Array.from(tensor.ints(field)),
  }
}

/** Codes of a few bits. The last byte may hold more numbers than the tensor. */
function packed(bits: number, isSigned: boolean): Storage {
  const count = 8 / bits
  const unpacked = (bytes: Uint8Array): Float64Array =>
    Float64Array.from({ length: bytes.length * count }, (_, at) => {
      const code = (bytes[Math.floor(at / count)] >> ((at % count) * bits)) & (2 ** bits - 1)
      return isSigned && code >= 2 ** (bits - 1) ? code - 2 ** bits : code
    })
  return {
    width: 1 / count,
    isFloat: false,
    decode: (buffer) => unpacked(new Uint8Array(buffer)),
    list: (tensor) => unpacked(Uint8Array.from(tensor.ints(TENSOR.int32Data))),
  }
}

/**
 * Reads a `TensorProto` as a constant. Raw bytes are decoded each time its numbers are read.
 *
 * @param external the files beside the model that hold weights
 * @throws {LetiError} `bad-model`, `unsupported`
 */
export function tensorConstant(tensor: Message, external?: ExternalFiles): Constant {
  const name = tensor.text(TENSOR.name)
  const shape = tensor.ints(TENSOR.dims)
  const type = tensor.int(TENSOR.dataType)
  const storage = STORAGE.get(type)
  if (!isShape(shape)) throw damaged(`tensor "${printable(name)}" has an invalid shape`)
  if (!storage) {
    const known = type === STRING ? 'strings' : `data type ${type}`
    throw new LetiError(
      'unsupported',
      `tensor "${printable(name)}" holds ${known}, which LETI does not read`,
    )
  }
  const isExternal = tensor.int(TENSOR.dataLocation) !== DATA_LOCATION.default
  const raw = isExternal ? externalBytes(tensor, external) : tensor.bytes(TENSOR.rawData)
  const named = { ...(name && { name }), shape, isFloat: storage.isFloat }
  const count = elements(shape)
  if (raw) {
    if (raw.length !== Math.ceil(count * storage.width)) throw miscounted(name, count)
    // Typed arrays need aligned bytes: a copy has them.
    return { ...named, read: () => storage.decode(Uint8Array.from(raw).buffer).subarray(0, count) }
  }
  const all = storage.list(tensor)
  const left = all.length - count
  if (left < 0 || left >= Math.max(1 / storage.width, 1)) throw miscounted(name, count)
  const values = all.subarray(0, count)
  return { ...named, read: () => values.slice() }
}

/** `TensorProto.DataType.STRING` */
const STRING = 8

function miscounted(name: string, count: number): LetiError {
  return damaged(`tensor "${printable(name)}" does not hold the ${count} numbers of its shape`)
}
