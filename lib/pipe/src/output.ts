import type { Writable } from 'node:stream'
import { Turns } from './turns.js'

const CHUNK_CHARACTERS = 1 << 16

/** Writes lines to a stream in chunks. A chunk is sent when it is full, or when the tool is idle. */
export class Output {
  private pending = ''
  private scheduled: NodeJS.Immediate | undefined

  private readonly turns = new Turns()

  constructor(private readonly stream: Writable) {}

  /**
   * Resolves at once unless the chunk is full; then, when the stream has taken it (backpressure). A file
   * takes it at once, so signals are let in here too.
   */
  async write(line: string): Promise<void> {
    this.pending += line + '\n'
    if (this.pending.length >= CHUNK_CHARACTERS) await this.flush()
    else this.scheduled ??= setImmediate(() => void this.flush())
    if (this.turns.isOver()) await this.turns.next()
  }

  /** Sends the pending chunk. Resolves when the operating system has it. */
  async flush(): Promise<void> {
    clearImmediate(this.scheduled)
    this.scheduled = undefined
    const chunk = this.pending
    if (!chunk) return
    this.pending = ''
    // Errors, such as a closed pipe, arrive as the stream's `error` event, which is emitted before this resolves.
    await new Promise<void>((resolve) => {
      this.stream.write(chunk, (error) => (error ? setImmediate(resolve) : resolve()))
    })
  }
}
