/** devices.yaml: which file it is, and how an entry of it becomes a device. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isObject, LetiError, messageOf } from '@leti/records'
import { TARGETS } from './registry.js'
import type { Settings } from './settings.js'
import type { DeviceConfig } from './target.js'

const FILE = 'devices.yaml'

/** These need no entry in devices.yaml. */
const BUILT_IN = ['node', 'chromium']

const EXAMPLE = 'desktop: { target: chromium, backend: webgpu }'

/** The settings that the command line can change. */
export interface Adjustment {
  readonly runtime?: string | undefined
  readonly backend?: string | undefined
  readonly threads?: number | undefined
}

/**
 * All devices: those of devices.yaml, and `node` and `chromium`.
 *
 * @param path of devices.yaml; default: `./devices.yaml`, else the one in the user's config directory
 * @throws {LetiError} `usage` if the file cannot be read or an entry is wrong; the message names it
 */
export async function loadDevices(path?: string): Promise<DeviceConfig[]> {
  const file = path ?? (await defaultFile())
  const defined = file ? await readDevices(file) : []
  const names = new Set(defined.map(({ name }) => name))
  const builtIn = BUILT_IN.filter((name) => !names.has(name))
  return [...builtIn.map((name) => toDevice(name, { target: name }, name)), ...defined]
}

/** @throws {LetiError} `usage` if no device has this name; the message lists those that exist */
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
 * The device with another runtime, backend or number of threads. Another runtime starts with its own
 * default backend.
 *
 * @throws {LetiError} `usage` if the target has no such runtime or backend, or takes no threads
 */
export function adjustDevice(device: DeviceConfig, adjustment: Adjustment): DeviceConfig {
  const { runtime = device.runtime, threads } = adjustment
  const kept = runtime === device.runtime ? device.backend : undefined
  const entry = {
    target: device.target,
    runtime,
    backend: adjustment.backend ?? kept,
    ...device.settings,
    ...(threads !== undefined && { threads }),
  }
  return toDevice(device.name, entry, `device "${device.name}"`)
}

async function defaultFile(): Promise<string | undefined> {
  if (existsSync(FILE)) return FILE
  const { default: envPaths } = await import('env-paths')
  const file = join(envPaths('leti', { suffix: '' }).config, FILE)
  return existsSync(file) ? file : undefined
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
    return toDevice(name, entry, place, dirname(path))
  })
}

/**
 * Checks an entry of devices.yaml and fills in its defaults.
 *
 * @param place of the entry, for error messages
 * @param folder that relative paths start from
 */
function toDevice(
  name: string,
  { target, runtime, backend, delegate, ...values }: Readonly<Record<string, unknown>>,
  place: string,
  folder = '.',
): DeviceConfig {
  // TFLite calls its backends delegates.
  if (backend !== undefined && delegate !== undefined) {
    throw new LetiError('usage', `${place}: "delegate" and "backend" are the same: leave one out`)
  }
  const targets = Object.keys(TARGETS)
  if (target === undefined) {
    throw new LetiError('usage', `${place}: "target" is missing; known: ${targets.join(', ')}`)
  }
  const chosen = { name, target: choose('target', target, targets, place) }
  const { runtimes, settings } = TARGETS[chosen.target]
  const ofRuntime = choose('runtime', runtime, Object.keys(runtimes), place)
  return {
    ...chosen,
    runtime: ofRuntime,
    backend: choose('backend', backend ?? delegate, runtimes[ofRuntime], place),
    settings: readSettings(chosen.target, settings, values, place, folder),
  }
}

/** The name given, or the first of the known ones. */
function choose(kind: string, given: unknown, known: readonly string[], place: string): string {
  if (given === undefined) return known[0]
  const name = known.find((candidate) => candidate === given)
  if (name !== undefined) return name
  throw new LetiError(
    'usage',
    `${place}: unknown ${kind} ${JSON.stringify(given)}; known: ${known.join(', ')}`,
  )
}

function readSettings(
  target: string,
  settings: Settings,
  values: Readonly<Record<string, unknown>>,
  place: string,
  folder: string,
): Record<string, unknown> {
  const entries = Object.entries(values).map(([name, value]): [string, unknown] => {
    if (!Object.hasOwn(settings, name)) {
      const known = Object.keys(settings).join(', ') || 'none'
      throw new LetiError(
        'usage',
        `${place}: target ${target} has no setting "${name}"; its settings: ${known}`,
      )
    }
    const setting = settings[name]
    const read = setting.read(value, folder)
    if (read !== undefined) return [name, read]
    throw new LetiError('usage', `${place}: "${name}" must be ${setting.takes} (${setting.about})`)
  })
  return Object.fromEntries(entries)
}
