import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { isObject, LetiError, messageOf } from '@leti/records'
import { TARGETS } from './registry.js'
import { backendOf, offerOf, runtimeOf } from './runtimes/choice.js'
import type { DeviceConfig } from './target.js'

const FILE = 'devices.yaml'

/** These need no entry in a file. */
const BUILT_IN: readonly DeviceConfig[] = [
  { name: 'node', target: 'node' },
  { name: 'chromium', target: 'chromium' },
]

const EXAMPLE = 'desktop: { target: chromium, backend: webgpu }'

/** What the settings of a device may be changed to from the command line. */
export interface Adjustment {
  readonly runtime?: string | undefined
  readonly backend?: string | undefined
  readonly threads?: number | undefined
}

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
 * The device with another runtime, backend or number of threads.
 *
 * @throws {LetiError} `usage` where its target has no such runtime or backend, or no threads
 */
export function adjustDevice(device: DeviceConfig, adjustment: Adjustment): DeviceConfig {
  const { runtime, backend, threads } = adjustment
  const isSame = runtime === undefined || runtime === runtimeOf(TARGETS[device.target], device)
  // Another runtime has backends of its own.
  const { backend: own, ...rest } = device
  const kept = isSame && own !== undefined ? { ...rest, backend: own } : rest
  const adjusted = {
    ...kept,
    ...(runtime !== undefined && { runtime }),
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
    const device = { name, ...withBackend(entry, place) } as unknown as DeviceConfig
    checkDevice(device, place)
    const { benchmark_model: file } = device
    return file === undefined
      ? device
      : { ...device, benchmark_model: resolve(dirname(path), file) }
  })
}

/** What computes is a runtime's backend; those who know TFLite call it a delegate. */
function withBackend(
  { delegate, ...entry }: Record<string, unknown>,
  place: string,
): Record<string, unknown> {
  if (delegate === undefined) return entry
  if (entry.backend === undefined) return { ...entry, backend: delegate }
  throw new LetiError('usage', `${place}: "delegate" and "backend" are the same: leave one out`)
}

/** Numbers among the settings; the others are text. */
const NUMBERS: readonly string[] = ['threads']

function checkDevice(device: DeviceConfig, place: string): void {
  const wrong = (what: string): LetiError => new LetiError('usage', `${place}: ${what}`)
  if (!Object.hasOwn(TARGETS, device.target)) {
    throw wrong(`unknown target "${device.target}"; known: ${Object.keys(TARGETS).join(', ')}`)
  }
  const target = TARGETS[device.target]
  for (const [member, value] of Object.entries(device)) {
    if (!['name', 'target', 'runtime', 'backend', ...target.settings].includes(member)) {
      throw wrong(`target ${device.target} has no setting "${member}"`)
    }
    const isNumber = NUMBERS.includes(member)
    if (isNumber ? !(Number.isInteger(value) && value > 0) : typeof value !== 'string') {
      throw wrong(`"${member}" must be ${isNumber ? 'a positive whole number' : 'text'}`)
    }
  }
  if (!Object.hasOwn(target.runtimes, runtimeOf(target, device))) {
    const known = Object.keys(target.runtimes).join(', ')
    throw wrong(`unknown runtime "${String(device.runtime)}"; known: ${known}`)
  }
  const { backends } = offerOf(target, device)
  if (!backends.includes(backendOf(target, device))) {
    throw wrong(`unknown backend "${String(device.backend)}"; known: ${backends.join(', ')}`)
  }
}
