/**
 * The packets inside a `shell,v2` stream, as shell_protocol.h of the Android source describes them: an id,
 * a little-endian length, the data.
 */
import { constants } from 'node:os'
import type { Writable } from 'node:stream'
import { ByteReader } from './byte-reader.js'
import type { AdbStream } from './stream.js'

const STDIN = 0
export const STDOUT = 1
export const STDERR = 2
const EXIT = 3
const CLOSE_STDIN = 4

export function shellPacket(id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt8(id)
  head.writeUInt32LE(data.length, 1)
  return Buffer.concat([head, data])
}

/** The exit code; for a command that a signal ended, 128 plus the signal's number, as in adbd. */
export function exitPacket(code: number | null, signal: NodeJS.Signals | null): Buffer {
  return shellPacket(EXIT, Buffer.from([code ?? 128 + (signal ? constants.signals[signal] : 0)]))
}

/** Passes the host's input on to the command. */
export function readShellInput(stream: AdbStream, stdin: Writable): void {
  void (async () => {
    const reader = new ByteReader(stream)
    for (;;) {
      const head = await reader.read(5)
      const data = head && (await reader.read(head.readUInt32LE(1)))
      if (!data) break
      if (head[0] === STDIN) await new Promise<void>((done) => stdin.write(data, () => done()))
      else if (head[0] === CLOSE_STDIN) stdin.end()
    }
    stdin.end()
  })()
}
