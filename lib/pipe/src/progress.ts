import { fstatSync, statSync } from 'node:fs'
import { visible } from '@leti/records'
import { shareLine } from './people.js'

/** A progress bar on stderr. Nothing is shown unless stderr is a terminal. */
export interface Progress {
  /**
   * Counts one more item as done.
   *
   * @param status a few words on the current work
   */
  tick(status?: string): void
  stop(): void
}

const SILENT: Progress = { tick: () => undefined, stop: () => undefined }

/** @param total number of items; 0 if unknown */
export async function startProgress(
  label: string,
  total: number,
  quiet: boolean,
): Promise<Progress> {
  if (quiet || !process.stderr.isTTY) return SILENT
  // The package is CommonJS: in a bundle it has only a default export.
  const { SingleBar, Presets } = (await import('cli-progress')).default
  const format = total
    ? `${label} {bar} {value}/{total} {eta_formatted} {status}`
    : `${label} {value} {duration_formatted} {status}`
  const bar = new SingleBar({ format, stream: process.stderr }, Presets.shades_classic)
  bar.start(total, 0, { status: '' })
  return {
    tick: (status = '') => bar.increment(1, { status: visible(status) }),
    stop: () => bar.stop(),
  }
}

/** Progress through the bytes of the input. */
export interface Reading {
  readonly read: (bytes: number, lines: number) => void
  readonly stop: () => void
}

/**
 * Shows how much of the files was read, and the time left, on a terminal. Nothing is shown if a file is a pipe, or the
 * results go into one: another tool of the pipe may show its progress on the same line.
 *
 * @param files as `readLines` takes them
 */
export async function startReading(
  files: readonly string[],
  quiet: boolean,
): Promise<Reading | undefined> {
  if (quiet || !process.stderr.isTTY || isPipe(1)) return undefined
  const total = sizeOf(files)
  if (!total) return undefined
  const { SingleBar, Presets } = (await import('cli-progress')).default
  const format = 'read {bar} {percentage}% {lines} lines, {rate}/s, {eta_formatted} left'
  const options = { format, stream: process.stderr, clearOnComplete: true }
  const bar = new SingleBar(options, Presets.shades_classic)
  const start = performance.now()
  let [bytes, lines] = [0, 0]
  bar.start(total, 0, { lines, rate: 0 })
  shareLine(true)
  return {
    read: (moreBytes, moreLines) => {
      bytes += moreBytes
      lines += moreLines
      const rate = Math.round((1000 * lines) / (performance.now() - start))
      bar.update(bytes, { lines, rate })
    },
    stop: () => {
      shareLine(false)
      bar.stop()
    },
  }
}

/** The bytes of all files; 0 if one is not a regular file, such as a pipe. */
function sizeOf(files: readonly string[]): number {
  const names = files.length ? files : ['-']
  const stats = names.map((name) => (name === '-' ? fstatSync(0) : statSync(name)))
  return stats.every((one) => one.isFile()) ? stats.reduce((sum, { size }) => sum + size, 0) : 0
}

function isPipe(stream: number): boolean {
  const stats = fstatSync(stream)
  return stats.isFIFO() || stats.isSocket()
}
