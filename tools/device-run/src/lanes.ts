import { EventEmitter, once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'

/** Number of items that a fast reader may be ahead of a slow one: more than a block of visits. */
const LEAD = 32

/**
 * Gives every item of the source to every reader. Each reader has its own pace, but a fast one waits for
 * slow ones, so that memory does not grow with the stream. Resolves when all readers have ended. An error
 * of the source is thrown after the items before it have been read.
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

/**
 * Gives every item of the source to one reader: the one that asks first. What a reader cannot use goes back, to the next
 * that asks; so readers without work wait for those that have an item. Resolves when all readers have ended.
 */
export async function toFirst<T>(
  source: AsyncIterable<T>,
  readers: readonly ((items: AsyncIterable<T>, giveBack: (item: T) => void) => Promise<void>)[],
): Promise<void> {
  const items = source[Symbol.asyncIterator]()
  const returned: T[] = []
  const events = new EventEmitter().setMaxListeners(readers.length)
  let held = 0
  const take = async (): Promise<T | undefined> => {
    for (;;) {
      const next = returned.length ? { value: returned.shift() as T } : await items.next()
      if (!next.done) {
        held++
        return next.value
      }
      if (returned.length) continue
      if (!held) return undefined
      await once(events, 'free')
    }
  }
  async function* lane(): AsyncGenerator<T> {
    for (let item = await take(); item !== undefined; item = await take()) {
      try {
        yield item
      } finally {
        held--
        events.emit('free')
      }
    }
  }
  try {
    await Promise.all(readers.map((read) => read(lane(), (item) => returned.push(item))))
  } finally {
    await items.return?.()
  }
}
