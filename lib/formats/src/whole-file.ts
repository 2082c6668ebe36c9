import { readFile, stat } from 'node:fs/promises'
import { LetiError } from '@leti/records'

/** The limit of a flatbuffer, and of one read of Node. */
export const MAX_BYTES = 2 ** 31 - 1

/**
 * Reads a regular file.
 *
 * @param limit bytes that the file may have
 * @throws {LetiError} `bad-model` for a folder or a pipe, `unsupported` for a larger file
 * @throws the system's error if the file cannot be read
 */
export async function wholeFile(path: string, limit = MAX_BYTES): Promise<Buffer> {
  const file = await stat(path)
  if (!file.isFile()) throw new LetiError('bad-model', `${path} is not a regular file`)
  if (file.size > limit) {
    throw new LetiError(
      'unsupported',
      `${path} is larger than the limit of ${Math.ceil(limit / 2 ** 20)} MiB`,
    )
  }
  return readFile(path)
}
