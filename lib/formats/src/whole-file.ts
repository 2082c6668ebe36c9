import { readFile, stat } from 'node:fs/promises'
import { LetiError } from '@leti/records'

/** What the largest flatbuffer holds, and Node reads at once. */
export const MAX_BYTES = 2 ** 31 - 1

/**
 * The bytes of a file that ends.
 *
 * @param most how many there may be
 * @throws {LetiError} `bad-model` where it is a folder or a pipe, `unsupported` where it is too large
 * @throws the system's error where it cannot be read
 */
export async function wholeFile(path: string, most = MAX_BYTES): Promise<Buffer> {
  const file = await stat(path)
  if (!file.isFile()) throw new LetiError('bad-model', `${path} is no file`)
  if (file.size > most) {
    throw new LetiError('unsupported', `${path} has more than ${Math.ceil(most / 2 ** 20)} MiB`)
  }
  return readFile(path)
}
