import { LetiError } from '@leti/records'

/**
 * A flatbuffer that may be damaged or hostile. Every offset and size is checked against the file before
 * it is used. A file whose tables form a cycle is refused.
 * https://flatbuffers.dev/internals/
 */
export class Flatbuffer {
  private readonly bytes: Uint8Array
  private readonly view: DataView
  /** How many tables, and bytes of vectors, may still be read. */
  private tables = MAX_TABLES
  private budget: number

  constructor(bytes: Uint8Array) {
    // Slicing a Node `Buffer` gives a view; slicing a `Uint8Array` gives a copy.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    // Writers store equal vectors and strings once, so each may be read several times.
    this.budget = Math.min(READINGS * bytes.length, MAX_VECTOR_BYTES)
  }

  /** @throws {LetiError} `bad-model` */
  root(): Table {
    return new Table(this, this.target(0))
  }

  /** Like all methods below: @throws {LetiError} `bad-model` if the position is outside the file */
  byte(at: number): number {
    return this.view.getInt8(this.checked(at, 1))
  }

  short(at: number): number {
    return this.view.getUint16(this.checked(at, 2), true)
  }

  int(at: number): number {
    return this.view.getInt32(this.checked(at, 4), true)
  }

  float(at: number): number {
    return this.view.getFloat32(this.checked(at, 4), true)
  }

  /** An unsigned 64-bit number, inexact beyond 2^53, which no position in a file reaches. */
  long(at: number): number {
    return Number(this.view.getBigUint64(this.checked(at, 8), true))
  }

  signedLong(at: number): number {
    return Number(this.view.getBigInt64(this.checked(at, 8), true))
  }

  /** The position that the offset stored here points to. */
  target(at: number): number {
    return at + this.view.getUint32(this.checked(at, 4), true)
  }

  /** The position of a vector's first element, and the number of its elements. */
  vector(at: number, elementBytes: number): { start: number; length: number } {
    const length = this.view.getUint32(this.checked(at, 4), true)
    return { start: this.checked(at + 4, length * elementBytes), length }
  }

  slice(start: number, length: number): Uint8Array {
    return this.bytes.subarray(this.checked(start, length), start + length)
  }

  /** Counts the bytes that are copied: a small file must not expand to a large object. */
  spend(bytes: number): void {
    this.budget -= bytes
    if (this.budget < 0) throw damaged('its vectors repeat without end')
  }

  spendTable(): void {
    if (--this.tables < 0) throw damaged('its tables repeat without end')
  }

  private checked(at: number, length: number): number {
    if (at >= 0 && at + length <= this.bytes.length) return at
    throw damaged('an offset leaves the file')
  }
}

const READINGS = 16
const MAX_VECTOR_BYTES = 2 ** 27

/** Limit on tables; the largest models have several times fewer. */
const MAX_TABLES = 2 ** 20

/** A table. `slot` is the index of a field in the schema; an absent field has its default. */
export class Table {
  private readonly vtable: number
  private readonly slots: number

  constructor(
    private readonly file: Flatbuffer,
    private readonly start: number,
  ) {
    this.vtable = start - file.int(start)
    this.slots = (file.short(this.vtable) - 4) / 2
    file.spendTable()
  }

  byte(slot: number, fallback = 0): number {
    const at = this.field(slot)
    return at === undefined ? fallback : this.file.byte(at)
  }

  int(slot: number, fallback = 0): number {
    const at = this.field(slot)
    return at === undefined ? fallback : this.file.int(at)
  }

  float(slot: number): number {
    const at = this.field(slot)
    return at === undefined ? 0 : this.file.float(at)
  }

  long(slot: number): number {
    const at = this.field(slot)
    return at === undefined ? 0 : this.file.long(at)
  }

  table(slot: number): Table | undefined {
    const at = this.field(slot)
    return at === undefined ? undefined : new Table(this.file, this.file.target(at))
  }

  string(slot: number): string {
    const bytes = this.bytes(slot) ?? new Uint8Array()
    this.file.spend(bytes.length)
    return new TextDecoder().decode(bytes)
  }

  ints(slot: number): number[] {
    return this.elements(slot, 4, (at) => this.file.int(at))
  }

  floats(slot: number): number[] {
    return this.elements(slot, 4, (at) => this.file.float(at))
  }

  longs(slot: number): number[] {
    return this.elements(slot, 8, (at) => this.file.signedLong(at))
  }

  shorts(slot: number): number[] {
    return this.elements(slot, 2, (at) => this.file.short(at))
  }

  tables(slot: number): Table[] {
    return this.elements(slot, 4, (at) => new Table(this.file, this.file.target(at)))
  }

  /** A vector of bytes: a view, not a copy. */
  bytes(slot: number): Uint8Array | undefined {
    const at = this.field(slot)
    if (at === undefined) return undefined
    const { start, length } = this.file.vector(this.file.target(at), 1)
    return this.file.slice(start, length)
  }

  private elements<T>(slot: number, size: number, read: (at: number) => T): T[] {
    const at = this.field(slot)
    if (at === undefined) return []
    const { start, length } = this.file.vector(this.file.target(at), size)
    this.file.spend(size * length)
    return Array.from({ length }, (_, index) => read(start + size * index))
  }

  private field(slot: number): number | undefined {
    if (slot >= this.slots) return undefined
    const offset = this.file.short(this.vtable + 4 + 2 * slot)
    return offset === 0 ? undefined : this.start + offset
  }
}

/** The error for a file that violates the format. */
export function damaged(what: string): LetiError {
  return new LetiError('bad-model', `a damaged .tflite file: ${what}`)
}
