import { existsSync } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { platform } from 'node:os'
import { delimiter, join } from 'node:path'
import { LetiError, messageOf } from '@leti/records'
import type { Browser } from 'puppeteer-core'
import type { DeviceConfig } from '../../target.js'

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

/** A quiet browser: nothing of its own on the network, no throttling of what it takes for idle. */
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

/** Chromium's software GPU. Without the explicit `--use-angle` there is no GPU timer. */
const SOFTWARE_GPU_FLAGS = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--use-webgpu-adapter=swiftshader',
]

/** The browser to start: the device's own, or the first on the PATH. */
export async function findExecutable(device: DeviceConfig): Promise<string | undefined> {
  if (device.executable)
    return (await isExecutable(device.executable)) ? device.executable : undefined
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  for (const candidate of [...candidates, ...OUTSIDE_PATH]) {
    if (await isExecutable(candidate)) return candidate
  }
  return undefined
}

/** What to do where there is no browser. */
export function missingBrowser(device: DeviceConfig): string {
  return device.executable
    ? `${device.executable} is no program; correct "executable" of device "${device.name}"`
    : 'no Chromium or Chrome on the PATH; install one, or name its "executable" in devices.yaml'
}

/**
 * Starts a headless browser, or connects to the one behind the device's endpoint.
 *
 * @throws {LetiError} `usage` where there is none, `device-lost` where it does not start or answer
 */
export async function openBrowser(device: DeviceConfig): Promise<Browser> {
  const { default: puppeteer } = await import('puppeteer-core')
  try {
    if (device.endpoint) {
      const browserWSEndpoint = device.endpoint
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
      // Over a pipe the browser ends when we do, even killed.
      pipe: true,
      // Calls take as long as the network does: `--timeout` bounds them.
      protocolTimeout: 0,
      handleSIGINT: false,
    })
  } catch (error) {
    if (error instanceof LetiError) throw error
    throw new LetiError('device-lost', `cannot open the browser: ${messageOf(error)}`)
  }
}

/** Whether the browser can use a GPU; elsewhere than on Linux one can count on it. */
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
