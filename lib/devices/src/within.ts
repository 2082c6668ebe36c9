import { LetiError } from '@leti/records'

/**
 * Waits for some work, but not longer than a time limit or until a signal.
 *
 * @param late thrown after the time limit
 * @param work is given a signal to stop, which aborts if it is not waited for any more
 * @returns the result of the work
 * @throws {LetiError} `device-lost` if the signal is aborted
 */
export async function within<T>(
  milliseconds: number,
  late: Error,
  signal: AbortSignal,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const closed = new LetiError('device-lost', 'the device was closed')
  if (signal.aborted) throw closed
  const stop = new AbortController()
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
    return await Promise.race([work(stop.signal), ended])
  } catch (error) {
    stop.abort(error)
    throw error
  } finally {
    end()
  }
}
