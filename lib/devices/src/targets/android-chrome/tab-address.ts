import { stateOfRun } from '../../adb/phone-run.js'
import { PAGE_MARK } from '../../browser/server.js'
import type { DevTools } from './devtools.js'

/** The address of a new tab, and of LETI's page in it. Both hold the name of the run: see `phone-run.ts`. */
export const tabAddress = {
  empty: (run: string): string => `about:blank#${run}`,
  page: (run: string, port: number, path: string): string =>
    `http://127.0.0.1:${port}${path}?run=${run}`,
}

const OURS = new RegExp(
  `^(?:about:blank#|http://127\\.0\\.0\\.1:\\d+/${PAGE_MARK}[^?]+\\?run=)(leti-[\\w-]+)$`,
)

/**
 * Closes the tabs of runs that have ended.
 *
 * @param goingOn names of the runs that have a folder on the phone
 * @throws {LetiError} `device-lost`
 */
export async function closeLeftTabs(
  devTools: DevTools,
  goingOn: ReadonlySet<string>,
): Promise<void> {
  for (const { id, url } of await devTools.list()) {
    const [, run] = OURS.exec(url) ?? []
    if (!run || stateOfRun(run) === 'open' || goingOn.has(run)) continue
    // A tab may be listed twice; the second time, it is gone already.
    await devTools.close(id).catch(() => undefined)
  }
}
