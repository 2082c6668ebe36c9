import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { LetiError } from '@leti/records'

/** Limit on the fields of a file: several times those of the largest models. */
const MAX_FIELDS = 2 ** 21

/** A field as stored: an integer, a float, or the bytes of a string, message or packed list. */
type Field = bigint | number | Uint8Array

/** The fields that may still be parsed: this bounds what a small hostile file can expand to. */
interface Budget {
  fields: number
}

/**
 * A protobuf message, which may be damaged or hostile. Fields are addressed by their numbers in the
 * schema (`../schema.ts`). Fields of another wire type are ignored.
 * Encoding: https://protobuf.dev/programming-guides/encoding/
 */
export class Message {
  private readonly fields = new Map<number, Field[]>()

  /** @throws {LetiError} `bad-model` */
  constructor(
    bytes: Uint8Array,
    private readonly budget: Budget = { fields: MAX_FIELDS },
  ) {
    guarded(() => {
      const reader = new BinaryReader(bytes)
      while (reader.pos < reader.len) {
        const [number, type] = reader.tag()
        if (--budget.fields < 0) throw damaged(`it has more than ${MAX_FIELDS} fields`)
        const field = fieldOf(reader, number, type)
        const known = this.fields.get(number)
        if (known) known.push(field)
        else this.fields.set(number, [field])
      }
    })
  }

  has(number: number): boolean {
    return this.fields.has(number)
  }

  /** Of a repeated field the last value counts, as protobuf specifies. */
  message(number: number): Message | undefined {
    const bytes = this.bytes(number)
    return bytes && new Message(bytes, this.budget)
  }

  messages(number: number): Message[] {
    return this.all(number)
      .filter((field) => field instanceof Uint8Array)
      .map((bytes) => new Message(bytes, this.budget))
  }

  bytes(number: number): Uint8Array | undefined {
    const field = this.all(number).at(-1)
    return field instanceof Uint8Array ? field : undefined
  }

  text(number: number): string {
    return new TextDecoder().decode(this.bytes(number))
  }

  texts(number: number): string[] {
    return this.all(number)
      .filter((field) => field instanceof Uint8Array)
      .map((bytes) => new TextDecoder().decode(bytes))
  }

  int(number: number, fallback = 0): number {
    const field = this.all(number).at(-1)
    return typeof field === 'bigint' ? Number(field) : fallback
  }

  float(number: number, fallback = 0): number {
    const field = this.all(number).at(-1)
    return typeof field === 'number' ? field : fallback
  }

  /** A repeated integer, packed or not. */
  ints(number: number): number[] {
    return this.all(number).flatMap((field) => {
      if (field instanceof Uint8Array) return unpackedInts(field)
      return typeof field === 'bigint' ? [Number(field)] : []
    })
  }

  /** A repeated 32-bit float, packed or not. */
  floats(number: number): number[] {
    return this.all(number).flatMap((field) => {
      if (field instanceof Uint8Array) return unpackedFloats(field)
      return typeof field === 'number' ? [field] : []
    })
  }

  private all(number: number): readonly Field[] {
    return this.fields.get(number) ?? []
  }
}

function fieldOf(reader: BinaryReader, number: number, type: WireType): Field {
  switch (type) {
    case WireType.Varint:
      return BigInt(reader.int64())
    case WireType.Bit32:
      if (reader.pos + 4 > reader.len) throw damaged('it ends within a field')
      return reader.float()
    case WireType.LengthDelimited:
      return reader.bytes()
    default:
      return reader.skip(type, number)
  }
}

function unpackedInts(bytes: Uint8Array): number[] {
  return guarded(() => {
    const reader = new BinaryReader(bytes)
    const values: number[] = []
    while (reader.pos < reader.len) values.push(Number(reader.int64()))
    return values
  })
}

function unpackedFloats(bytes: Uint8Array): number[] {
  if (bytes.length % 4 !== 0) throw damaged('a list of floats ends within a number')
  return [...new Float32Array(Uint8Array.from(bytes).buffer)]
}

/** Turns the errors of protobuf's reader into `bad-model`. */
function guarded<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof LetiError) throw error
    throw new LetiError('bad-model', 'not an .onnx file, or a damaged one', { cause: error })
  }
}

/** The error for a file that violates the ONNX format. */
export function damaged(what: string): LetiError {
  return new LetiError('bad-model', `a damaged .onnx file: ${what}`)
}
