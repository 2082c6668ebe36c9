import { PassThrough, Readable } from 'node:stream'

/** How far a fast reader may be ahead of a slow one. */
const LEAD = 16

/**
 * Hands every item of the source to every reader, each at its own pace, within a bound, so that memory
 * does not grow with the stream. Ends when all readers have ended; an error of the source comes after
 * what was read before it.
 */
export async function toEach<T>(
  source: AsyncIterable<T>,
  readers: readonly ((items: AsyncIterable<T>) => Promise<void>)[],
): Promise<void> {
  const items = Readable.from(source, { highWaterMark: 1 })
  let failure: unknown
  const highWaterMark = readers.length > 1 ? LEAD : 1
  const lanes = readers.map(() => new PassThrough({ objectMode: true, highWaterMark }))
  for (const lane of lanes) items.pipe(lane)
  items.on('error', (error) => {
    failure = error
    for (const lane of lanes) lane.end()
  })
  try {
    await Promise.all(readers.map((read, index) => read(lanes[index])))
  } finally {
    items.destroy()
  }
  if (failure) throw failure as Error
}
