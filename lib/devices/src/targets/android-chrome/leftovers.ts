import type { Adb } from '../../adb/adb.js'
import { PAGE_MARK } from '../../browser/server.js'
import type { DevTools } from './devtools.js'

/** Where LETI's page is on the phone; the query says which port of the computer was forwarded. */
export function pageUrl(port: number, path: string, forward: number): string {
  return `http://127.0.0.1:${port}${path}?forward=${forward}`
}

const OURS = new RegExp(`^http://127\\.0\\.0\\.1:(\\d+)/${PAGE_MARK}[^?]+\\?forward=(\\d+)$`)

/**
 * Removes what a run that was killed has left: its tab, which says which ports were its own.
 *
 * @throws {LetiError} `device-lost`
 */
export async function removeLeftovers(adb: Adb, devTools: DevTools): Promise<void> {
  const forwards = await adb.forwards()
  for (const { id, url } of await devTools.list()) {
    const [, reverse, forward] = OURS.exec(url) ?? []
    if (!reverse) continue
    // Of a tab that is listed twice all is gone the second time.
    await devTools.close(id).catch(() => undefined)
    await adb.removeReverse(Number(reverse)).catch(() => undefined)
    if (forwards.has(Number(forward)))
      await adb.removeForward(Number(forward)).catch(() => undefined)
  }
}
