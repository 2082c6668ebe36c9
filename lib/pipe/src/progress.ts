import { visible } from '@leti/records'

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
