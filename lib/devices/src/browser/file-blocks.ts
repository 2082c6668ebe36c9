/**
 * Sends files in large blocks of memory that are used again. To take new ones for each file costs more time than all
 * else: the garbage collector runs for each few megabytes outside of its heap.
 */
import { open, stat, type FileHandle } from 'node:fs/promises'
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** A browser takes weights sooner in large blocks. */
const BLOCK_BYTES = 1 << 20

/** Blocks that no response uses. */
const free: Buffer[] = []

/** Most blocks that are kept: browsers open six connections. */
const MOST_FREE = 6

/**
 * Answers with a file. If it cannot be read to its end, or the client leaves, the connection is closed.
 *
 * @param headers beside the length
 * @returns whether there is such a file; if not, nothing was answered
 */
export async function sendBlocks(
  response: ServerResponse,
  path: string,
  headers: OutgoingHttpHeaders,
): Promise<boolean> {
  const size = await sizeOf(path)
  if (size === undefined) return false
  response.writeHead(200, { ...headers, 'Content-Length': size })
  const block = free.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES)
  try {
    await sendFrom(path, size, response, block)
    response.end()
    // One that was not sent to its end may still be in use.
    if (free.length < MOST_FREE) free.push(block)
  } catch {
    response.destroy()
  }
  return true
}

async function sendFrom(
  path: string,
  size: number,
  response: ServerResponse,
  block: Buffer,
): Promise<void> {
  const file = await open(path)
  try {
    for (let sent = 0; sent < size;) {
      const length = await readBlock(file, block, Math.min(size - sent, block.length), sent)
      await written(response, block.subarray(0, length))
      sent += length
    }
  } finally {
    await file.close()
  }
}

/** @returns the number of bytes that were read */
async function readBlock(
  file: FileHandle,
  block: Buffer,
  length: number,
  position: number,
): Promise<number> {
  const { bytesRead } = await file.read(block, 0, length, position)
  if (bytesRead === 0) throw new Error('the file has become shorter')
  return bytesRead
}

/** Resolves when the system has taken the bytes. */
function written(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const left = (): void => reject(new Error('the client has left'))
    if (response.destroyed) left()
    response.once('close', left)
    response.write(bytes, (error) => {
      response.off('close', left)
      if (error) reject(error)
      else resolve()
    })
  })
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const entry = await stat(path)
    return entry.isFile() ? entry.size : undefined
  } catch {
    return undefined
  }
}
