import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
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

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}
