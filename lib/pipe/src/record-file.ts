/**
 * A file of records that an earlier run has written, and that this run goes on with. It may be
 * another file by mistake, so all of it is read before anything is changed.
 */
import { fstatSync, type BigIntStats } from 'node:fs'
import { access, appendFile, constants, realpath, stat, truncate } from 'node:fs/promises'
import { devNull } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { asLetiError, LetiError, messageOf, toRecord, type LetiRecord } from '@leti/records'
import { readLines, type Line } from './input.js'
import { bytesOfWholeLines, readLastLine } from './last-line.js'

/** Words for errors. */
export interface FileNaming {
  /** The option that names the file: `--resume`. */
  readonly option: string
  /** What the file must be: `the output of device-run`. */
  readonly takes: string
}

export class RecordFile {
  /** Makes the end ready for a new line; absent if it is, or if the file was not read yet. */
  private repairEnd: (() => Promise<void>) | undefined
  /** Bytes. */
  private size = 0n

  private constructor(
    private readonly path: string,
    private readonly naming: FileNaming,
  ) {}

  /**
   * Refuses what cannot be the output of an earlier run. Nothing is read yet.
   *
   * @param inputs the input files; without any, stdin is the input
   * @returns `undefined` for `/dev/null`, which never has a record
   * @throws {LetiError} `usage`
   */
  static async at(
    path: string,
    inputs: readonly string[],
    naming: FileNaming,
  ): Promise<RecordFile | undefined> {
    const file = new RecordFile(path, naming)
    if (path === '') throw new LetiError('usage', `${naming.option}: the name of the file is empty`)
    if (await isDevNull(path)) return undefined
    const stats = await file.stats()
    for (const input of inputs.length ? inputs : ['-']) {
      const read = input === '-' ? statsOfStdin() : await stat(input, BIG).catch(() => undefined)
      if (stats && read && isSameFile(stats, read)) throw file.refusal('it is also the input')
    }
    return file
  }

  /**
   * What only one run may use at a time: the file, whichever path leads to it. A file that another
   * program is about to make has only its path yet.
   */
  async locks(): Promise<{ readonly name: string; readonly doing: string }[]> {
    const doing = `continues ${this.path}`
    const stats = await this.stats()
    return [
      { name: `file ${await realPathOf(this.path)}`, doing },
      ...(stats ? [{ name: `inode ${stats.dev}:${stats.ino}`, doing }] : []),
    ]
  }

  /**
   * Reads the records. The file is not changed; if it does not exist, it has no records.
   *
   * @param use called with each record, in order
   * @param signal ends the reading
   * @returns bytes of the whole lines that it had at first; another program may have added lines since
   * @throws {LetiError} `usage` if it is not a file of records
   */
  async read(use: (record: LetiRecord) => void, signal?: AbortSignal): Promise<number> {
    const stats = await this.stats()
    if (!stats) return 0
    this.size = stats.size
    // What cannot be read is refused below.
    const end = await bytesOfWholeLines(this.path).catch(() => 0)
    let records = 0
    let other: Line | undefined
    for await (const line of this.lines(signal)) {
      if (other) throw this.notRecord(other)
      const record = recordIn(line.text)
      if (record) use(record)
      else other = line
      if (record) records++
    }
    signal?.throwIfAborted()
    const { text, start } = await readLastLine(this.path)
    const isComplete = !text.trim()
    if (other && (isComplete || !isCutShort(other.text, records))) throw this.notRecord(other)
    if (isComplete) return end
    await this.checkWritable()
    // The newline is the last byte of a line: a kill may cut off nothing else.
    this.repairEnd = () => (other ? truncate(this.path, start) : appendFile(this.path, '\n'))
    return end
  }

  /**
   * Makes the end of the file ready for new lines: a record that a kill has cut short is removed, and a
   * whole record without its newline gets one.
   *
   * @throws {LetiError} `usage` if another program has changed the file since it was read
   */
  async repair(): Promise<void> {
    if (!this.repairEnd) return
    const { size } = await stat(this.path, BIG)
    if (size !== this.size) throw this.refusal('another program writes to it')
    await this.repairEnd()
  }

  private async *lines(signal?: AbortSignal): AsyncGenerator<Line> {
    const refuse = (place: string, message: string): never => {
      throw new LetiError('usage', `${this.naming.option}: ${place}: ${message}`)
    }
    try {
      yield* readLines([this.path], { signal, refuse })
    } catch (error) {
      const known = asLetiError(error)
      if (known?.code !== 'bad-input') throw error
      throw new LetiError('usage', `${this.naming.option}: ${known.message}`, { cause: error })
    }
  }

  private async checkWritable(): Promise<void> {
    try {
      await access(this.path, constants.W_OK)
    } catch (error) {
      throw this.refusal(`its last line must be repaired: ${messageOf(error)}`)
    }
  }

  private notRecord({ place }: Line): LetiError {
    const { option, takes } = this.naming
    return new LetiError('usage', `${place}: not a record; ${option} takes ${takes}`)
  }

  /**
   * @returns `undefined` if there is no such file
   * @throws {LetiError} `usage` if it is not a regular file
   */
  private async stats(): Promise<BigIntStats | undefined> {
    let stats: BigIntStats
    try {
      stats = await stat(this.path, BIG)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw this.refusal(messageOf(error))
    }
    if (stats.isDirectory()) throw this.refusal('it is a folder')
    if (!stats.isFile()) throw this.refusal('it is not a regular file')
    return stats
  }

  private refusal(why: string): LetiError {
    return new LetiError('usage', `${this.naming.option} ${this.path}: ${why}`)
  }
}

/** Numbers of inodes can be too large for a double. */
const BIG = { bigint: true } as const

/** The record that a line holds; `undefined` if it holds something else. */
function recordIn(text: string): LetiRecord | undefined {
  try {
    return toRecord(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** How records begin that LETI writes. */
const BEGINNING = '{"id":"'

/**
 * Whether the last line can be the beginning of a record.
 *
 * @param records number of records before it; if there are none, nothing else tells what the file is
 */
function isCutShort(text: string, records: number): boolean {
  const begins = text.startsWith(BEGINNING) || BEGINNING.startsWith(text)
  return !isJson(text) && (records > 0 ? text.startsWith('{') : begins)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function statsOfStdin(): BigIntStats | undefined {
  try {
    return fstatSync(0, BIG)
  } catch {
    // It is closed.
    return undefined
  }
}

function isSameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino
}

async function isDevNull(path: string): Promise<boolean> {
  const [stats, nothing] = await Promise.all(
    [path, devNull].map((name) => stat(name, BIG).catch(() => undefined)),
  )
  return !!stats?.isCharacterDevice() && stats.rdev === nothing?.rdev
}

/** The path without symbolic links. The file itself may be missing. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    const folder = dirname(path)
    return join(await realpath(folder).catch(() => folder), basename(path))
  }
}
