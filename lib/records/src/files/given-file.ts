import { constants as limits } from 'node:buffer'
import { addAbortSignal } from 'node:stream'
import { asLetiError, LetiError } from '../errors.js'
import { openGiven } from './open-given.js'
import { tooLarge } from './regular-file.js'
import { systemReason } from './system-reason.js'

/**
 * Reads the text of a file that the user names in an option. Unlike a file that a record names, it may be a
 * pipe, such as `<(jq ... model.json)`.
 *
 * @param signal ends the wait for a pipe; its reason is thrown
 * @throws {LetiError} `usage` if it cannot be read, is a folder, or is longer than a text can be in Node
 */
export async function readGiven(path: string, signal?: AbortSignal): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    const source = openGiven(path)
    if (signal) addAbortSignal(signal, source)
    for await (const chunk of source as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > limits.MAX_STRING_LENGTH) throw tooLarge(path, limits.MAX_STRING_LENGTH)
      chunks.push(chunk)
    }
  } catch (error) {
    signal?.throwIfAborted()
    const reason = asLetiError(error)?.message ?? `cannot read ${path}: ${systemReason(error)}`
    throw new LetiError('usage', reason, { cause: error })
  }
  return Buffer.concat(chunks).toString('utf8')
}
