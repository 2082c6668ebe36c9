import { setTimeout as delay } from 'node:timers/promises'
import { LetiError } from '@leti/records'
import type { Adb } from '../../adb/adb.js'
import { DevTools } from './devtools.js'

/** The phone's Chrome, reachable from here. */
export interface PhoneBrowser {
  readonly devTools: DevTools
  /** `Chrome/131.0.6778.39` */
  readonly version: string
  /** The forwarded port of this computer: whoever opens the browser removes it. */
  readonly port: number
}

const SOCKET = 'chrome_devtools_remote'
/** Chrome's activity for other programs, in every channel of it. */
const ACTIVITY = 'com.google.android.apps.chrome.Main'
const START_MS = 15_000
const POLL_MS = 500

/**
 * Starts the browser and finds its DevTools socket.
 *
 * @param packageName Android's name of the browser, such as `com.android.chrome`
 * @throws {LetiError} `usage` where it is not installed, `device-lost` where it does not answer
 */
export async function openPhoneBrowser(adb: Adb, packageName: string): Promise<PhoneBrowser> {
  await start(adb, packageName)
  const deadline = performance.now() + START_MS
  for (;;) {
    const found = await find(adb, packageName)
    if (found) return found
    if (performance.now() > deadline) {
      throw new LetiError('device-lost', `${packageName} has no DevTools socket after its start`)
    }
    await delay(POLL_MS)
  }
}

async function start(adb: Adb, packageName: string): Promise<void> {
  const { stdout } = await adb.shell(['pm', 'path', packageName])
  if (!stdout.startsWith('package:')) {
    throw new LetiError('usage', `the phone has no ${packageName}; name its browser in "package"`)
  }
  const component = `${packageName}/${ACTIVITY}`
  // As from the home screen: an address would open a tab that nobody closes.
  const how = ['-a', 'android.intent.action.MAIN', '-c', 'android.intent.category.LAUNCHER']
  const { stdout: said, stderr } = await adb.shell(['am', 'start', ...how, '-n', component])
  const trouble = /^Error.*$/m.exec(`${said}\n${stderr}`)?.[0]
  if (trouble) throw new LetiError('usage', `${packageName} does not start: ${trouble}`)
}

/** Several browsers may be open; each says which it is. */
async function find(adb: Adb, packageName: string): Promise<PhoneBrowser | undefined> {
  for (const socket of await socketsOf(adb)) {
    const port = await adb.forward(`localabstract:${socket}`)
    const devTools = new DevTools(port)
    // Nobody listens, or something else does.
    const version = await devTools.version().catch(() => undefined)
    if (version?.['Android-Package'] === packageName) {
      return { devTools, version: version.Browser, port }
    }
    await adb.removeForward(port)
  }
  return undefined
}

/** The first is there already where the list of sockets is not for us to read. */
async function socketsOf(adb: Adb): Promise<Set<string>> {
  const { stdout } = await adb.shell(['cat', '/proc/net/unix'])
  const named = [...stdout.matchAll(/@(chrome_devtools_remote(?:_\d+)?)$/gm)].map(
    ([, name]) => name,
  )
  return new Set([SOCKET, ...named])
}
