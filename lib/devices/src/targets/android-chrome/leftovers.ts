import type { Adb } from '../../adb/adb.js'
import { PAGE_MARK } from '../../browser/server.js'
import type { DevTools } from './devtools.js'

/**
 * URL of LETI's page on the phone. Its query holds the forwarded port of this computer, so that a later
 * run can remove the forward.
 */
export function pageUrl(port: number, path: string, forward: number): string {
  return `http://127.0.0.1:${port}${path}?forward=${forward}`
}

const OURS = new RegExp(`^http://127\\.0\\.0\\.1:(\\d+)/${PAGE_MARK}[^?]+\\?forward=(\\d+)$`)

/**
 * Removes what a killed run left behind: its tabs, and the ports that the tabs' URLs name.
 *
 * @throws {LetiError} `device-lost`
 */
export async function removeLeftovers(adb: Adb, devTools: DevTools): Promise<void> {
  const forwards = await adb.forwards()
  for (const { id, url } of await devTools.list()) {
    const [, reverse, forward] = OURS.exec(url) ?? []
    if (!reverse) continue
    // A tab may be listed twice; the second time, everything is gone already.
    await devTools.close(id).catch(() => undefined)
    await adb.removeReverse(Number(reverse)).catch(() => undefined)
    if (forwards.has(Number(forward)))
      await adb.removeForward(Number(forward)).catch(() => undefined)
  }
}
