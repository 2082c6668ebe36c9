/** Progress of long work, for a person: nothing is shown where stderr is no terminal. */
export interface Progress {
  /** @param status a few words on what is under way */
  tick(status?: string): void
  stop(): void
}

const SILENT: Progress = { tick: () => undefined, stop: () => undefined }

/** @param total how much there is to do; 0 where nobody knows */
export async function startProgress(
  label: string,
  total: number,
  quiet: boolean,
): Promise<Progress> {
  if (quiet || !process.stderr.isTTY) return SILENT
  // It is CommonJS: in a bundle of several files only its default is there.
  const { SingleBar, Presets } = (await import('cli-progress')).default
  const format = total
    ? `${label} {bar} {value}/{total} {eta_formatted} {status}`
    : `${label} {value} {duration_formatted} {status}`
  const bar = new SingleBar({ format, stream: process.stderr }, Presets.shades_classic)
  bar.start(total, 0, { status: '' })
  return {
    tick: (status = '') => bar.increment(1, { status }),
    stop: () => bar.stop(),
  }
}
