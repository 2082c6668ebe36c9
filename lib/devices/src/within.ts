import { LetiError } from '@leti/records'

/**
 * What the work gives, unless it takes too long or the signal ends it. The work itself goes on: it is
 * for the caller to end it.
 *
 * @param late thrown where it takes too long
 * @throws {LetiError} `device-lost` where the signal ended it
 */
export async function within<T>(
  milliseconds: number,
  late: Error,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const closed = new LetiError('device-lost', 'the device was closed')
  if (signal.aborted) throw closed
  let end: () => void = () => undefined
  const ended = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(() => reject(late), milliseconds)
    const abort = (): void => reject(closed)
    signal.addEventListener('abort', abort)
    end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
  })
  try {
    return await Promise.race([work(), ended])
  } finally {
    end()
  }
}
