import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject, LetiError, messageOf } from '@leti/records'
import { TARGETS } from './registry.js'
import type { DeviceConfig } from './target.js'

const FILE = 'devices.yaml'

/** These need no entry in a file. */
const BUILT_IN: readonly DeviceConfig[] = [
  { name: 'node', target: 'node' },
  { name: 'chromium', target: 'chromium' },
]

const EXAMPLE = 'desktop: { target: chromium, backend: webgpu }'

/**
 * The devices that have a name: those of the file, and `node` and `chromium`.
 *
 * @param file where it is not given: `./devices.yaml`, else the one in the user's config directory
 * @throws {LetiError} `usage` where the file cannot be read or is wrong, with the place
 */
export async function loadDevices(file?: string): Promise<DeviceConfig[]> {
  const path = file ?? (await defaultFile())
  const defined = path ? await readDevices(path) : []
  const builtIn = BUILT_IN.filter(({ name }) => !defined.some((device) => device.name === name))
  return [...builtIn, ...defined]
}

/**
 * The device of this name.
 *
 * @throws {LetiError} `usage` where there is none, with the names that there are
 */
export function findDevice(devices: readonly DeviceConfig[], name: string): DeviceConfig {
  const device = devices.find((candidate) => candidate.name === name)
  if (device) return device
  const known = devices.map((candidate) => candidate.name).join(', ')
  throw new LetiError(
    'usage',
    `unknown device "${name}"; known: ${known}. Define it in ${FILE}, for example: ${EXAMPLE}`,
  )
}

/**
 * The device with another backend or number of threads.
 *
 * @throws {LetiError} `usage` where its target has no such backend or no threads
 */
export function adjustDevice(
  device: DeviceConfig,
  { backend, threads }: { backend?: string | undefined; threads?: number | undefined },
): DeviceConfig {
  const adjusted = {
    ...device,
    ...(backend !== undefined && { backend }),
    ...(threads !== undefined && { threads }),
  }
  checkDevice(adjusted, `device "${device.name}"`)
  return adjusted
}

async function defaultFile(): Promise<string | undefined> {
  if (existsSync(FILE)) return FILE
  const { default: envPaths } = await import('env-paths')
  const user = join(envPaths('leti', { suffix: '' }).config, FILE)
  return existsSync(user) ? user : undefined
}

async function readDevices(path: string): Promise<DeviceConfig[]> {
  const { parse } = await import('yaml')
  let entries: unknown
  try {
    entries = parse(await readFile(path, 'utf8')) ?? {}
  } catch (error) {
    throw new LetiError('usage', `${path}: ${messageOf(error)}`)
  }
  if (!isObject(entries)) throw new LetiError('usage', `${path}: must map names to devices`)
  return Object.entries(entries).map(([name, entry]) => {
    const place = `${path}: device "${name}"`
    if (!isObject(entry)) throw new LetiError('usage', `${place} must be a map, like: ${EXAMPLE}`)
    const device = { name, ...entry } as unknown as DeviceConfig
    checkDevice(device, place)
    return device
  })
}

/** Numbers among the settings; the others are text. */
const NUMBERS: readonly string[] = ['threads']

function checkDevice(device: DeviceConfig, place: string): void {
  const wrong = (what: string): LetiError => new LetiError('usage', `${place}: ${what}`)
  if (!Object.hasOwn(TARGETS, device.target)) {
    throw wrong(`unknown target "${device.target}"; known: ${Object.keys(TARGETS).join(', ')}`)
  }
  const { backends, settings } = TARGETS[device.target]
  for (const [member, value] of Object.entries(device)) {
    if (!['name', 'target', 'backend', ...settings].includes(member)) {
      throw wrong(`target ${device.target} has no setting "${member}"`)
    }
    const isNumber = NUMBERS.includes(member)
    if (isNumber ? !(Number.isInteger(value) && value > 0) : typeof value !== 'string') {
      throw wrong(`"${member}" must be ${isNumber ? 'a positive whole number' : 'text'}`)
    }
  }
  if (device.backend !== undefined && !backends.includes(device.backend)) {
    throw wrong(`unknown backend "${device.backend}"; known: ${backends.join(', ')}`)
  }
}
