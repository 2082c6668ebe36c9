import type { Writable } from 'node:stream'

const CHUNK_CHARACTERS = 1 << 16

/** Lines to a stream, gathered into chunks; a chunk leaves when it is full or when the tool idles. */
export class Output {
  private pending = ''
  private scheduled: NodeJS.Immediate | undefined

  constructor(private readonly stream: Writable) {}

  /** Resolves at once while there is room, and else when the reader has taken the chunk. */
  async write(line: string): Promise<void> {
    this.pending += line + '\n'
    if (this.pending.length >= CHUNK_CHARACTERS) return this.flush()
    this.scheduled ??= setImmediate(() => void this.flush())
  }

  /** Resolves when all that was written has been handed to the system. */
  async flush(): Promise<void> {
    clearImmediate(this.scheduled)
    this.scheduled = undefined
    const chunk = this.pending
    if (!chunk) return
    this.pending = ''
    // Errors (a reader that has gone) come as the stream's `error` event.
    await new Promise<void>((resolve) => this.stream.write(chunk, () => resolve()))
  }
}
