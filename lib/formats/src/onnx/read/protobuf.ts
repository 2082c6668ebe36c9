import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { LetiError } from '@leti/records'

/** Several times the fields that the largest models have: their tensors are one field each. */
const MAX_FIELDS = 2 ** 21

/** A field as it stands in the file: a number, or the bytes of a text, a message or a list. */
type Field = bigint | number | Uint8Array

/** How many fields may still be read: a small file must not become a large object. */
interface Budget {
  fields: number
}

/**
 * A message of a protobuf that may be damaged or hostile; fields are named by their numbers in the
 * schema. What is not of the kind that is asked for is as if it were not there.
 * https://protobuf.dev/programming-guides/encoding/
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
        if (--budget.fields < 0) throw damaged('its fields are without end')
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

  /** The last one counts, as protobuf has it. */
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

  int(number: number, usual = 0): number {
    const field = this.all(number).at(-1)
    return typeof field === 'bigint' ? Number(field) : usual
  }

  float(number: number, usual = 0): number {
    const field = this.all(number).at(-1)
    return typeof field === 'number' ? field : usual
  }

  /** Integers, each a field or many packed into one. */
  ints(number: number): number[] {
    return this.all(number).flatMap((field) => {
      if (field instanceof Uint8Array) return unpackedInts(field)
      return typeof field === 'bigint' ? [Number(field)] : []
    })
  }

  /** Floats of 4 bytes, each a field or many packed into one. */
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
      if (reader.pos + 4 > reader.len) throw damaged('it ends early')
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
  if (bytes.length % 4 !== 0) throw damaged('a list of floats ends early')
  return [...new Float32Array(Uint8Array.from(bytes).buffer)]
}

/** What the reader throws at bytes that are no protobuf. */
function guarded<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof LetiError) throw error
    throw new LetiError('bad-model', 'not an .onnx file, or a damaged one', { cause: error })
  }
}

/** The error of a file that is not what it says it is. */
export function damaged(what: string): LetiError {
  return new LetiError('bad-model', `a damaged .onnx file: ${what}`)
}
