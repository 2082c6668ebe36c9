import { isObject } from '@leti/records'

/** What the holder of a lock tells the processes that wait for it. */
export interface Holder {
  readonly pid: number
  /** When it took the lock, in ms since 1970. */
  readonly since: number
  /** Number of networks that it has measured. */
  readonly measured: number
}

/** @returns `undefined` if it is something else: any program may listen there */
export function parseHolder(text: string): Holder | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isObject(value)) return undefined
  const { pid, since, measured } = value
  if (![pid, since, measured].every(Number.isSafeInteger)) return undefined
  return { pid: Number(pid), since: Number(since), measured: Number(measured) }
}

/**
 * Says for whom this process waits.
 *
 * @param doing what the holder does: `measures on this computer`
 */
export function describeWait(doing: string, holder: Holder | undefined): string {
  if (!holder) return `waiting for another run, which ${doing}`
  const { pid, since, measured } = holder
  const seconds = Math.max(0, Math.round((Date.now() - since) / 1000))
  const time = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
  return `waiting for process ${pid}, which ${doing} (${measured} measured in ${time})`
}
