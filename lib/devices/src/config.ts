/** devices.yaml: which file it is, and how an entry of it becomes a device. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { asLetiError, isObject, LetiError, messageOf } from '@leti/records'
import { readRegular, systemReason } from '@leti/records/files'
import { TARGETS } from './registry.js'
import type { Settings } from './settings.js'
import type { DeviceConfig } from './target.js'

const FILE = 'devices.yaml'

/** These need no entry in devices.yaml. */
const BUILT_IN = ['node', 'chromium', 'web']

/** So do several browsers. */
const NUMBERED = /^web-[1-9]\d?$/

const EXAMPLE = 'desktop: { target: chromium, backend: webgpu }'

/** The settings that the command line can change. */
export interface Adjustment {
  readonly runtime?: string | undefined
  readonly backend?: string | undefined
  readonly threads?: number | undefined
  readonly clock?: string | undefined
  readonly listen?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** An entry of devices.yaml that defines no device. */
export interface WrongDevice {
  readonly name: string
  /** `usage`: what is wrong, and where. */
  readonly problem: LetiError
}

/**
 * All devices: those of devices.yaml, and `node`, `chromium` and `web`. A wrong entry does not affect the others.
 *
 * @param path of devices.yaml; default: `./devices.yaml`, else the one in the user's config directory
 * @throws {LetiError} `usage` if the file cannot be read
 */
export async function loadDevices(path?: string): Promise<(DeviceConfig | WrongDevice)[]> {
  const file = path ?? (await defaultFile())
  const defined = file ? await readDevices(file) : []
  const names = new Set(defined.map(({ name }) => name))
  const builtIn = BUILT_IN.filter((name) => !names.has(name))
  return [...builtIn.map((name) => toDevice(name, { target: name }, name)), ...defined]
}

/** @throws {LetiError} `usage` if no device has this name (the message lists all), or its entry is wrong */
export function findDevice(
  devices: readonly (DeviceConfig | WrongDevice)[],
  name: string,
): DeviceConfig {
  const device = devices.find((candidate) => candidate.name === name)
  if (device && 'problem' in device) throw device.problem
  if (device) return device
  if (NUMBERED.test(name)) return toDevice(name, { target: 'web' }, name)
  const usable = devices.filter((candidate) => !('problem' in candidate))
  const known = usable.map((candidate) => candidate.name).join(', ')
  throw new LetiError(
    'usage',
    `unknown device "${name}"; known: ${known}. Define it in ${FILE}, for example: ${EXAMPLE}`,
  )
}

/**
 * The device with another runtime, backend, number of threads, clock or server. Another runtime starts with its own
 * default backend.
 *
 * @throws {LetiError} `usage` if the target has no such runtime or backend, or takes no threads,
 *   clock or server
 */
export function adjustDevice(device: DeviceConfig, adjustment: Adjustment): DeviceConfig {
  const { runtime = device.runtime, threads, clock } = adjustment
  const kept = runtime === device.runtime ? device.backend : undefined
  const entry = {
    target: device.target,
    runtime,
    backend: adjustment.backend ?? kept,
    ...device.settings,
    ...webSettings(device, adjustment),
  }
  const adjusted = toDevice(device.name, entry, `device "${device.name}"`)
  if (threads !== undefined) checkThreads(adjusted)
  if (clock !== undefined) checkClock(adjusted)
  const changed = {
    ...(threads !== undefined && { threads }),
    ...(clock !== undefined && { clock }),
  }
  return { ...adjusted, settings: { ...adjusted.settings, ...changed } }
}

/** Refuses a number of threads that would have no effect. */
function checkThreads({ name, target, runtime, backend }: DeviceConfig): void {
  const { threads } = TARGETS[target].settings
  if (threads && (threads.backends ?? [backend]).includes(backend)) return
  throw new LetiError('usage', `--threads: "${name}" runs ${runtime} ${backend} with one thread`)
}

/** Refuses a clock on a target that has its own. */
function checkClock({ name, target }: DeviceConfig): void {
  if (Object.hasOwn(TARGETS[target].settings, 'clock')) return
  throw new LetiError('usage', `--clock: "${name}" is timed by its own clock; only node has others`)
}

/** The settings of a device's server; refused for a device that has none. */
function webSettings(
  { name, target }: DeviceConfig,
  { listen, cert, key }: Adjustment,
): Readonly<Record<string, string>> {
  const given = Object.entries({ listen, cert, key }).flatMap(([setting, value]) =>
    value === undefined ? [] : [[setting, value] as const],
  )
  for (const [setting] of given) {
    if (Object.hasOwn(TARGETS[target].settings, setting)) continue
    throw new LetiError('usage', `--${setting}: "${name}" is no web device`)
  }
  return Object.fromEntries(given)
}

async function defaultFile(): Promise<string | undefined> {
  if (existsSync(FILE)) return FILE
  const { default: envPaths } = await import('env-paths')
  const file = join(envPaths('leti', { suffix: '' }).config, FILE)
  return existsSync(file) ? file : undefined
}

async function readDevices(path: string): Promise<(DeviceConfig | WrongDevice)[]> {
  const entries = await readEntries(path)
  return Object.entries(entries).map(([name, entry]) => {
    const place = `${path}: device ${JSON.stringify(name)}`
    try {
      if (!NAME.test(name)) throw new LetiError('usage', `${place}: ${NAME_RULE}`)
      if (!isObject(entry)) throw new LetiError('usage', `${place} must be a map, like: ${EXAMPLE}`)
      return toDevice(name, entry, place, dirname(path))
    } catch (error) {
      const problem = asLetiError(error)
      if (problem) return { name, problem }
      throw error
    }
  })
}

const MOST_BYTES = 2 ** 20

/** `--device` separates names by commas. */
const NAME = /^(?!\s)[^,\p{Cc}]+(?<!\s)$/u
const NAME_RULE = 'a name must not have commas, control characters or spaces around it'

async function readEntries(path: string): Promise<Record<string, unknown>> {
  const text = await readText(path)
  // The package is CommonJS: in a bundle it has only a default export.
  const { parseDocument, visit } = (await import('yaml')).default
  let entries: unknown
  try {
    // The parser's own check for equal keys takes time that grows with their square.
    const document = parseDocument(text, { logLevel: 'error', uniqueKeys: false })
    const [problem] = [...document.errors, ...document.warnings]
    if (problem) throw problem
    visit(document, { Map: (_key, { items }) => checkUnique(items.map(({ key }) => String(key))) })
    entries = document.toJS() ?? {}
  } catch (error) {
    const why = messageOf(error).replace(/:$/, '')
    const isDeep = why.startsWith('Maximum call stack size')
    throw new LetiError('usage', `${path}: ${isDeep ? 'is nested too deeply' : why}`)
  }
  if (!isObject(entries)) throw new LetiError('usage', `${path}: must map names to devices`)
  return entries
}

function checkUnique(keys: readonly string[]): void {
  const seen = new Set<string>()
  for (const key of keys) {
    if (seen.has(key)) throw new Error(`${key} stands twice in one map`)
    seen.add(key)
  }
}

async function readText(path: string): Promise<string> {
  try {
    return (await readRegular(path, MOST_BYTES)).toString()
  } catch (error) {
    const refusal = asLetiError(error)?.message ?? `${path}: ${systemReason(error)}`
    throw new LetiError('usage', refusal, { cause: error })
  }
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
    `${place}: unknown ${kind} ${shown(given)}; known: ${known.join(', ')}`,
  )
}

/** A value or a name of devices.yaml for an error message; a map or a list may be endless. */
function shown(value: unknown): string {
  return typeof value === 'object' ? 'map or list' : JSON.stringify(value).slice(0, 100)
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
        `${place}: target ${target} has no setting ${shown(name)}; its settings: ${known}`,
      )
    }
    const setting = settings[name]
    const read = setting.read(value, folder)
    if (read !== undefined) return [name, read]
    throw new LetiError('usage', `${place}: "${name}" must be ${setting.takes} (${setting.about})`)
  })
  return Object.fromEntries(entries)
}
