import { constants, fstatSync, type Stats } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { asLetiError, LetiError, messageOf } from '@leti/records'
import { openGiven, systemReason } from '@leti/records/files'
import { MAX_LINE_BYTES, splitLines } from './lines.js'
import type { Reading } from './progress.js'
import { Turns } from './turns.js'

/** A line of input and its place: `stdin:17`. */
export interface Line {
  readonly text: string
  readonly place: string
}

export interface ReadOptions {
  /** Ends the reading, also where it waits for input. */
  readonly signal?: AbortSignal | undefined
  /** Called for a line that is too long to be read; the lines after it are read. */
  readonly refuse: (place: string, message: string) => void
  /** Called when the files are known to be readable; shows what is read of them. */
  readonly startReading?: (() => Promise<Reading | undefined>) | undefined
}

const TOO_LONG = `the line is longer than the limit of ${MAX_LINE_BYTES / 2 ** 20} MiB`

/**
 * Reads the lines of all files in turn, without blank lines. `-` is stdin, as is an empty list.
 *
 * @throws {LetiError} `usage` before the first line if a file cannot be read, `bad-input` if reading fails
 * @throws what `refuse` throws
 */
export async function* readLines(
  files: readonly string[],
  options: ReadOptions,
): AsyncGenerator<Line> {
  const names = files.length ? files : ['-']
  for (const name of names) {
    if (name === '-') refuseFolder('stdin', fstatSync(0))
    else await checkReadable(name)
  }
  const reading = await options.startReading?.()
  try {
    for (const name of names) {
      if (options.signal?.aborted) return
      yield* linesOf(name, options, reading)
    }
  } finally {
    reading?.stop()
  }
}

async function* linesOf(
  name: string,
  { signal, refuse }: ReadOptions,
  reading: Reading | undefined,
): AsyncGenerator<Line> {
  const label = name === '-' ? 'stdin' : name
  let number = 0
  const turns = new Turns()
  let source: Readable | undefined
  const end = (): unknown => source?.destroy()
  try {
    source = name === '-' ? process.stdin : openGiven(name)
    signal?.addEventListener('abort', end)
    for await (const lines of splitLines(reading ? counted(source, reading) : source)) {
      reading?.read(0, lines.length)
      for (const line of lines) {
        if (signal?.aborted) return
        number++
        const place = `${label}:${number}`
        const text = number === 1 ? line?.replace(/^\uFEFF/, '') : line
        if (text === undefined) refuse(place, TOO_LONG)
        else if (text.trim()) yield { text, place }
        if (turns.isOver()) await turns.next()
      }
    }
  } catch (error) {
    if (signal?.aborted) return
    const known = asLetiError(error)
    if (known) throw known
    throw new LetiError('bad-input', `${label}:${number + 1}: ${messageOf(error)}`)
  } finally {
    signal?.removeEventListener('abort', end)
    // If the consumer stops early, open input must not keep the process alive.
    end()
  }
}

async function* counted(source: AsyncIterable<Buffer>, { read }: Reading): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    read(chunk.length, 0)
    yield chunk
  }
}

/** @throws {LetiError} `usage` if the file cannot be read */
export async function checkReadable(file: string): Promise<void> {
  if (file === '') throw new LetiError('usage', 'cannot read a file without a name')
  try {
    await access(file, constants.R_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'no such file' : systemReason(error)
    throw new LetiError('usage', `cannot read ${file}: ${reason}`, { cause: error })
  }
  refuseFolder(file, await stat(file))
}

/** A folder can be opened; only the first read would fail. */
function refuseFolder(name: string, stats: Stats): void {
  if (stats.isDirectory()) throw new LetiError('usage', `cannot read ${name}: it is a folder`)
}
