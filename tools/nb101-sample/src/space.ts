import { fileURLToPath } from 'node:url'
import type { Io, Progress } from '@leti/pipe'
import { messageOf } from '@leti/records'
import { buildCells, readIndex, type AfterGraph, type Cells } from '@leti/spaces'

/** The index file, which the build writes. */
const INDEX = fileURLToPath(new URL('../build/nb101.index', import.meta.url))

/** Opens the space: reads its index, or enumerates it if the index is missing or damaged. */
export async function openSpace(io: Io): Promise<Cells> {
  try {
    return readIndex(INDEX)
  } catch (error) {
    io.warn(`no index (${messageOf(error)}); enumerating the space, which takes about ten seconds`)
    return withProgress(io, 'graphs', buildCells)
  }
}

/** Runs work that reports after each graph, and shows its progress; Ctrl-C ends it. */
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
      // Lets the event loop draw the progress bar and handle Ctrl-C.
      await new Promise((resolve) => setImmediate(resolve))
      io.signal.throwIfAborted()
    })
  } finally {
    progress?.stop()
  }
}
