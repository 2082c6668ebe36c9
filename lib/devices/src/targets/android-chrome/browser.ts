import { setTimeout as delay } from 'node:timers/promises'
import { LetiError } from '@leti/records'
import type { Adb } from '../../adb/adb.js'
import { DevTools } from './devtools.js'

/** The phone's Chrome, reachable from this computer. */
export interface PhoneBrowser {
  readonly devTools: DevTools
  /** `Chrome/131.0.6778.39` */
  readonly version: string
}

const SOCKET = 'chrome_devtools_remote'
/** Chrome's activity for other programs; it has this name in every release channel. */
const ACTIVITY = 'com.google.android.apps.chrome.Main'
const START_MS = 15_000
const POLL_MS = 500

/**
 * Starts the browser and finds its DevTools socket.
 *
 * @param port of this computer that is forwarded to it; the caller must remove the forward
 * @param packageName Android's name of the browser, such as `com.android.chrome`
 * @throws {LetiError} `usage` if it is not installed, `device-lost` if it does not answer
 */
export async function openPhoneBrowser(
  adb: Adb,
  packageName: string,
  port: number,
): Promise<PhoneBrowser> {
  await start(adb, packageName)
  const deadline = performance.now() + START_MS
  for (;;) {
    const found = await find(adb, packageName, port)
    if (found) return found
    if (performance.now() > deadline) {
      throw new LetiError('device-lost', `${packageName} started, but has no DevTools socket`)
    }
    await delay(POLL_MS)
  }
}

async function start(adb: Adb, packageName: string): Promise<void> {
  const { stdout } = await adb.shell(['pm', 'path', packageName])
  if (!stdout.startsWith('package:')) {
    throw new LetiError('usage', `the phone has no ${packageName}; set "package" to its browser`)
  }
  const component = `${packageName}/${ACTIVITY}`
  // Start it as the home screen does: with a URL it would open a tab that nobody closes.
  const how = ['-a', 'android.intent.action.MAIN', '-c', 'android.intent.category.LAUNCHER']
  const { stdout: said, stderr } = await adb.shell(['am', 'start', ...how, '-n', component])
  const trouble = /^Error.*$/m.exec(`${said}\n${stderr}`)?.[0]
  if (trouble) throw new LetiError('usage', `${packageName} does not start: ${trouble}`)
}

/** Finds the browser among all that are running: each tells its package name. */
async function find(
  adb: Adb,
  packageName: string,
  port: number,
): Promise<PhoneBrowser | undefined> {
  for (const socket of await socketsOf(adb)) {
    await adb.forward(port, `localabstract:${socket}`)
    const devTools = new DevTools(port)
    // There may be no listener, or one that is not a browser.
    const version = await devTools.version().catch(() => undefined)
    if (version?.['Android-Package'] === packageName) {
      return { devTools, version: version.Browser }
    }
    await adb.removeForward(port)
  }
  return undefined
}

/** Names of the DevTools sockets. The default one is included, in case the list is unreadable. */
async function socketsOf(adb: Adb): Promise<Set<string>> {
  const { stdout } = await adb.shell(['cat', '/proc/net/unix'])
  const named = [...stdout.matchAll(/@(chrome_devtools_remote(?:_\d+)?)$/gm)].map(
    ([, name]) => name,
  )
  return new Set([SOCKET, ...named])
}
