import { createReadStream } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { LetiError } from '@leti/records'
import split from 'split2'

/** A line of input and where it stands: `stdin:17`. */
export interface Line {
  readonly text: string
  readonly place: string
}

/** No honest record comes near this; a stream without line ends must not fill the memory. */
const MAX_LINE_BYTES = 1 << 28

/**
 * The lines of the files in turn, blank ones left out; `-` is stdin, and so is no file at all.
 *
 * @throws {LetiError} `usage` before the first line where a file cannot be read
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
    // A reader that stops early must not keep the process waiting for more input.
    source.unpipe(lines)
    source.destroy()
  }
}

/** @throws {LetiError} `usage` where the file cannot be read */
export async function checkReadable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK)
  } catch {
    throw new LetiError('usage', `cannot read ${file}`)
  }
  // A folder can be opened, and fails only at the first read.
  const folder = (await stat(file)).isDirectory()
  if (folder) throw new LetiError('usage', `cannot read ${file}: it is a folder`)
}
