import type { Readable } from 'node:stream'

/** Reads a stream in blocks of given lengths. */
export class ByteReader {
  private held: Buffer = Buffer.alloc(0)
  private ended = false
  private wake?: () => void

  constructor(private readonly stream: Readable) {
    stream.on('readable', this.onChange)
    stream.on('end', this.onEnd)
    stream.on('close', this.onEnd)
    stream.on('error', this.onEnd)
  }

  /** The next `length` bytes; `undefined` if the stream ends before. */
  async read(length: number): Promise<Buffer | undefined> {
    const chunks = [this.held]
    let size = this.held.length
    while (size < length) {
      const chunk = this.stream.read() as Buffer | null
      if (chunk) {
        chunks.push(chunk)
        size += chunk.length
      } else if (this.ended || this.stream.destroyed) {
        this.held = Buffer.concat(chunks)
        return undefined
      } else await new Promise<void>((resolve) => (this.wake = resolve))
    }
    const all = chunks.length > 1 ? Buffer.concat(chunks) : this.held
    this.held = all.subarray(length)
    return all.subarray(0, length)
  }

  /** Stops reading, so that others can read the stream. Returns the bytes that were read but not used. */
  release(): Buffer {
    this.stream.off('readable', this.onChange)
    return this.held
  }

  private readonly onChange = (): void => {
    this.wake?.()
  }

  private readonly onEnd = (): void => {
    this.ended = true
    this.wake?.()
  }
}
