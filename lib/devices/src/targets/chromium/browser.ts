import { existsSync } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { platform } from 'node:os'
import { delimiter, join } from 'node:path'
import { LetiError, messageOf } from '@leti/records'
import type { Browser } from 'puppeteer-core'
import type { ChromiumDevice } from './settings.js'

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
]
const OUTSIDE_PATH = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** A quiet browser: it sends nothing of its own to the network, and throttles no background page. */
const FLAGS = [
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-component-update',
  '--disable-renderer-backgrounding',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--enable-webgpu-developer-features',
  '--no-first-run',
]

/** Chromium's software GPU. Only with an explicit `--use-angle` does it have GPU timers. */
const SOFTWARE_GPU_FLAGS = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--use-webgpu-adapter=swiftshader',
]

/** The browser to start: the device's own, or the first one found. `undefined` if there is none. */
export async function findExecutable(device: ChromiumDevice): Promise<string | undefined> {
  const { executable } = device.settings
  if (executable) return (await isExecutable(executable)) ? executable : undefined
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  for (const candidate of [...candidates, ...OUTSIDE_PATH]) {
    if (await isExecutable(candidate)) return candidate
  }
  return undefined
}

/** What to tell the user if `findExecutable` finds nothing. */
export function missingBrowser({ name, settings: { executable } }: ChromiumDevice): string {
  return executable
    ? `${executable} is not an executable file; correct "executable" of device "${name}"`
    : 'no Chromium or Chrome on the PATH; install one, or set "executable" in devices.yaml'
}

/**
 * Starts a headless browser, or connects to the running one at the device's endpoint.
 *
 * @throws {LetiError} `usage` if there is no browser, `device-lost` if it does not start or answer
 */
export async function openBrowser(device: ChromiumDevice): Promise<Browser> {
  const { default: puppeteer } = await import('puppeteer-core')
  try {
    const { endpoint: browserWSEndpoint } = device.settings
    if (browserWSEndpoint) {
      return await puppeteer.connect({
        browserWSEndpoint,
        defaultViewport: null,
        protocolTimeout: 0,
      })
    }
    const executablePath = await findExecutable(device)
    if (!executablePath) throw new LetiError('usage', missingBrowser(device))
    return await puppeteer.launch({
      executablePath,
      args: [...FLAGS, ...(hasGpu() ? [] : SOFTWARE_GPU_FLAGS), ...sandboxFlags()],
      // Over a pipe, the browser ends with this process, even if that is killed.
      pipe: true,
      // A call takes as long as the network that it runs; `--timeout` limits it.
      protocolTimeout: 0,
      handleSIGINT: false,
    })
  } catch (error) {
    if (error instanceof LetiError) throw error
    throw new LetiError('device-lost', `cannot open the browser: ${messageOf(error)}`)
  }
}

/** Whether the browser can use a GPU; outside Linux this is assumed. */
export function hasGpu(): boolean {
  return platform() !== 'linux' || existsSync('/dev/dri') || existsSync('/dev/nvidia0')
}

/** Chromium's sandbox refuses to run as root. */
function sandboxFlags(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : []
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
