/**
 * The door for files that records, models and configuration name. A stranger may have chosen the name, so
 * it is opened only if it is a regular file (no pipe blocks, no device is endless), and no more is read
 * than a limit. No error quotes what a file holds.
 */
import { createHash, type Hash } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { LetiError } from '../errors.js'

/** Bytes: the limit of a flatbuffer, and of one read of Node. */
export const MAX_FILE_BYTES = 2 ** 31 - 1

/** Windows has neither. Without O_NONBLOCK, to open a pipe would wait for its writer. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0)

const CHUNK_BYTES = 1 << 20

/**
 * Reads a regular file: as many bytes as it had when it was opened.
 *
 * @param limit bytes that the file may have
 * @throws {LetiError} `bad-model` if it is not a regular file, `unsupported` if it is larger
 * @throws the system's error if the file cannot be read; see `systemReason`
 */
export async function readRegular(path: string, limit?: number): Promise<Buffer> {
  return useRegular(path, limit, async (file, size) => {
    const bytes = Buffer.allocUnsafeSlow(size)
    let end = 0
    for (let read = -1; read !== 0 && end < size; end += read) {
      read = (await file.read(bytes, end, size - end, end)).bytesRead
    }
    return bytes.subarray(0, end)
  })
}

/**
 * The SHA-256 of some regular files, one after the other, and their total size. Holds none in memory.
 *
 * @throws as `readRegular`
 */
export async function digestFiles(
  paths: readonly string[],
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for (const path of paths) bytes += await addTo(hash, path)
  return { sha256: hash.digest('hex'), bytes }
}

function addTo(hash: Hash, path: string): Promise<number> {
  return useRegular(path, undefined, async (file, size) => {
    const chunk = Buffer.allocUnsafeSlow(Math.min(size, CHUNK_BYTES))
    let end = 0
    for (let read = -1; read !== 0 && end < size; end += read) {
      read = (await file.read(chunk, 0, Math.min(chunk.length, size - end), end)).bytesRead
      hash.update(chunk.subarray(0, read))
    }
    return end
  })
}

/**
 * Checks that a file is regular and within the limit, for programs that read it themselves.
 *
 * @returns its size in bytes
 * @throws as `readRegular`
 */
export async function checkRegular(path: string, limit?: number): Promise<number> {
  return useRegular(path, limit, (_file, size) => Promise.resolve(size))
}

/**
 * Opens a regular file and closes it once it has been used.
 *
 * @throws as `readRegular`, and what `use` throws
 */
async function useRegular<T>(
  path: string,
  limit: number | undefined,
  use: (file: FileHandle, size: number) => Promise<T>,
): Promise<T> {
  // Looks first: to open a device can have effects. Then looks at what was really opened.
  checkStats(path, await stat(path), limit)
  const file = await open(path, FLAGS)
  try {
    const stats = await file.stat()
    checkStats(path, stats, limit)
    return await use(file, stats.size)
  } finally {
    await file.close()
  }
}

function checkStats(path: string, stats: Stats, limit = MAX_FILE_BYTES): void {
  if (!stats.isFile()) {
    const kind = stats.isDirectory() ? 'a folder' : 'a pipe, a socket or a device'
    throw new LetiError('bad-model', `${path} is not a regular file: it is ${kind}`)
  }
  if (stats.size > limit) throw tooLarge(path, limit)
}

/** The error for a file that is larger than its limit. */
export function tooLarge(path: string, limit: number): LetiError {
  const megabytes = Math.ceil(limit / 2 ** 20)
  return new LetiError('unsupported', `${path} is larger than the limit of ${megabytes} MiB`)
}
