import { fileURLToPath } from 'node:url'
import type { Io, Progress } from '@leti/pipe'
import { messageOf } from '@leti/records'
import { buildCells, readIndex, type AfterGraph, type Cells } from '@leti/spaces'

/** The index that the build keeps beside the package. */
const INDEX = fileURLToPath(new URL('../build/nb101.index', import.meta.url))

/** The whole space: read from its index, or made anew where that is missing or damaged. */
export async function openSpace(io: Io): Promise<Cells> {
  try {
    return readIndex(INDEX)
  } catch (error) {
    io.warn(`no index (${messageOf(error)}); building the space, which takes some ten seconds`)
    return withProgress(io, 'graphs', buildCells)
  }
}

/** Shows the progress of work that goes graph by graph; Ctrl-C ends it. */
export async function withProgress<T>(
  io: Io,
  label: string,
  work: (afterGraph: AfterGraph) => Promise<T>,
): Promise<T> {
  let progress: Progress | undefined
  try {
    return await work(async (total) => {
      progress ??= await io.progress(label, total)
      progress.tick()
      // A turn of the event loop: for the bar, and for Ctrl-C.
      await new Promise((resolve) => setImmediate(resolve))
      io.signal.throwIfAborted()
    })
  } finally {
    progress?.stop()
  }
}
