import { constants, createReadStream, fstatSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { isatty, ReadStream } from 'node:tty'

const CHUNK_BYTES = 1 << 20

/**
 * Opens a file that the user names, which may be a pipe or a terminal, so that it can be closed while a read
 * waits. A FIFO without a writer would else block a thread, and the end of the process with it.
 *
 * @throws the system's error if it cannot be opened
 */
export function openGiven(path: string): Readable {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  if (fstatSync(descriptor).isFIFO()) {
    return new Socket({ fd: descriptor, readable: true, writable: false })
  }
  if (isatty(descriptor)) return new ReadStream(descriptor)
  return createReadStream(path, { fd: descriptor, highWaterMark: CHUNK_BYTES })
}
