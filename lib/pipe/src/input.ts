import { createReadStream } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { LetiError, messageOf } from '@leti/records'
import split from 'split2'

/** A line of input and its place: `stdin:17`. */
export interface Line {
  readonly text: string
  readonly place: string
}

/** Limit on the length of a line, so that a stream without line ends does not fill the memory. */
const MAX_LINE_BYTES = 1 << 28

/**
 * Reads the lines of all files in turn, without blank lines. `-` is stdin, as is an empty list.
 *
 * The package `ndjson` would parse the lines as well, but it does not number them, and it ends at the
 * first line that is not JSON. Tools report such a line with its place and go on.
 *
 * @throws {LetiError} `usage` before the first line if a file cannot be read, `bad-input` if reading fails
 */
export async function* readLines(files: readonly string[]): AsyncGenerator<Line> {
  const names = files.length ? files : ['-']
  for (const name of names) if (name !== '-') await checkReadable(name)
  for (const name of names) {
    const source = name === '-' ? process.stdin : createReadStream(name)
    yield* linesOf(source, name === '-' ? 'stdin' : name)
  }
}

async function* linesOf(source: Readable, name: string): AsyncGenerator<Line> {
  const lines = split({ maxLength: MAX_LINE_BYTES })
  source.on('error', (error) => lines.destroy(error))
  let number = 0
  try {
    for await (const line of source.pipe(lines) as AsyncIterable<string>) {
      number++
      const text = number === 1 ? line.replace(/^\uFEFF/, '') : line
      if (text.trim()) yield { text, place: `${name}:${number}` }
    }
  } catch (error) {
    throw new LetiError('bad-input', `${name}:${number + 1}: ${(error as Error).message}`)
  } finally {
    // If the consumer stops early, open input must not keep the process alive.
    source.unpipe(lines)
    source.destroy()
  }
}

/** @throws {LetiError} `usage` if the file cannot be read */
export async function checkReadable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'no such file' : messageOf(error)
    throw new LetiError('usage', `cannot read ${file}: ${reason}`, { cause: error })
  }
  // A folder can be opened; only the first read would fail.
  const folder = (await stat(file)).isDirectory()
  if (folder) throw new LetiError('usage', `cannot read ${file}: it is a folder`)
}
