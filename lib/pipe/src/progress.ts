import { fstatSync, statSync, type Stats } from 'node:fs'
import { visible } from '@leti/records'
import { shareLine } from './people.js'

/** Progress on stderr. Nothing is shown unless stderr is a terminal. */
export interface Progress {
  /** So many more items than were known before. */
  expect(items: number): void
  /**
   * Counts one more item as done.
   *
   * @param status a few words on the current work
   */
  tick(status?: string): void
  stop(): void
}

const SILENT: Progress = { expect: () => undefined, tick: () => undefined, stop: () => undefined }

/** @param total number of items; 0 if unknown */
export async function startProgress(
  label: string,
  total: number,
  quiet: boolean,
): Promise<Progress> {
  if (quiet || !process.stderr.isTTY) return SILENT
  const format = total
    ? `${label} {bar} {value}/{total}, {rate}, {eta_formatted} left {status}`
    : `${label} {value}, {rate}, {duration_formatted} {status}`
  let count = 0
  const rate = rateSince(performance.now())
  const bar = await shown(format, total, { status: '', rate: rate(0) })
  return {
    expect: (items) => bar.expect(items),
    tick: (status = '') => bar.update(++count, { status: visible(status), rate: rate(count) }),
    stop: () => bar.stop(),
  }
}

/**
 * Progress of records that a tool makes itself. Nothing is shown if they go to a terminal, which shows them, or into a
 * pipe: another tool may show its progress on the same line.
 */
export async function startWriting(total: number, quiet: boolean): Promise<Progress> {
  if (process.stdout.isTTY || isPipe(fstatSync(1))) return SILENT
  return startProgress('written', total, quiet)
}

/** Progress through the input. */
export interface Reading {
  readonly read: (bytes: number, lines: number) => void
  readonly stop: () => void
}

/**
 * Shows how much of the files was read, on a terminal, and the time left unless one of them is a pipe. Nothing is
 * shown if the results go into a pipe: another tool may show its progress on the same line.
 *
 * @param files as `readLines` takes them
 */
export async function startReading(
  files: readonly string[],
  quiet: boolean,
): Promise<Reading | undefined> {
  if (quiet || !process.stderr.isTTY || isPipe(fstatSync(1))) return undefined
  const inputs = (files.length ? files : ['-']).map((name) =>
    name === '-' ? fstatSync(0) : statSync(name),
  )
  // What is typed at a terminal shows itself.
  if (!inputs.every((one) => one.isFile() || isPipe(one))) return undefined
  const total = inputs.some(isPipe) ? 0 : inputs.reduce((sum, { size }) => sum + size, 0)
  const format = total
    ? 'read {bar} {percentage}% {lines} lines, {rate}, {eta_formatted} left'
    : 'read {lines} lines, {rate}, {duration_formatted}'
  let [bytes, lines] = [0, 0]
  const rate = rateSince(performance.now())
  const bar = await shown(format, total, { lines, rate: rate(0) })
  return {
    read: (moreBytes, moreLines) => {
      bytes += moreBytes
      lines += moreLines
      bar.update(bytes, { lines, rate: rate(lines) })
    },
    stop: () => bar.stop(),
  }
}

/** A line at the end of the terminal, which messages replace until it is drawn again. */
async function shown(format: string, total: number, fields: object) {
  // The package is CommonJS: in a bundle it has only a default export.
  const { SingleBar, Presets } = (await import('cli-progress')).default
  const options = { format, stream: process.stderr, clearOnComplete: true }
  const bar = new SingleBar(options, Presets.shades_classic)
  bar.start(total, 0, fields)
  // The bar would end where it began: above the messages since then, which it would erase.
  const { terminal } = bar as unknown as { terminal: { cursorRestore: () => void } }
  terminal.cursorRestore = () => undefined
  shareLine(true)
  return {
    expect: (items: number) => bar.setTotal(bar.getTotal() + items),
    update: (value: number, changed: object) => bar.update(value, changed),
    stop: () => {
      shareLine(false)
      bar.stop()
    },
  }
}

/** Items a second, in words. */
function rateSince(start: number): (count: number) => string {
  return (count) => {
    const rate = (1000 * count) / Math.max(performance.now() - start, 1)
    return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`
  }
}

function isPipe(stats: Stats): boolean {
  return stats.isFIFO() || stats.isSocket()
}
