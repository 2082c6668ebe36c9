import type { Readable } from 'node:stream'

/** Reads a stream in pieces of a given length. */
export class ByteReader {
  private readonly chunks: AsyncIterator<Buffer>
  private held: Buffer[] = []
  private size = 0

  constructor(stream: Readable) {
    this.chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  /** The next `length` bytes; undefined where the stream ends before. */
  async read(length: number): Promise<Buffer | undefined> {
    while (this.size < length) {
      const next = await this.chunks.next().catch(() => ({ done: true, value: undefined }))
      if (next.done || !next.value) return undefined
      this.held.push(next.value)
      this.size += next.value.length
    }
    const all = this.held.length === 1 ? this.held[0] : Buffer.concat(this.held)
    this.held = [all.subarray(length)]
    this.size -= length
    return all.subarray(0, length)
  }
}
