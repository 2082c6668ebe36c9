import type { Environment } from '@leti/records'
import type { Adb } from './adb.js'
import { parseBattery } from './battery.js'
import { parseThermalStatus } from './thermal.js'

/** The part of a phone's environment that does not change. */
export interface Phone {
  readonly model?: string
  readonly android?: string
  readonly sdk?: number
  /** Android's build fingerprint. */
  readonly build?: string
  readonly soc?: string
  readonly cpu_abi?: string
  readonly gpu?: string
  readonly gpu_driver?: string
}

/** Parses the output of `getprop`: lines of `[name]: [value]`. */
export function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>()
  for (const [, name, value] of text.matchAll(/^\[([^\]]+)\]: \[(.*)\]\r?$/gm)) {
    if (value) properties.set(name, value)
  }
  return properties
}

/** Reads the phone from its properties. Before Android 12, only the SoC's platform is known. */
export function toPhone(properties: ReadonlyMap<string, string>): Phone {
  const get = (name: string): string | undefined => properties.get(name)
  const maker = get('ro.product.manufacturer')
  const model = get('ro.product.model')
  const soc = joined(get('ro.soc.manufacturer'), get('ro.soc.model'))
  return definedOnly({
    model: model?.startsWith(maker ?? '') ? model : joined(maker, model),
    android: get('ro.build.version.release'),
    sdk: Number(get('ro.build.version.sdk')) || undefined,
    build: get('ro.build.fingerprint'),
    soc: soc ?? get('ro.board.platform') ?? get('ro.hardware'),
    cpu_abi: get('ro.product.cpu.abi'),
  })
}

/**
 * Parses `dumpsys SurfaceFlinger`. Its line `GLES: vendor, renderer, version` names the GPU and its
 * driver.
 */
export function parseGpu(text: string): Pick<Phone, 'gpu' | 'gpu_driver'> {
  const [vendor, renderer, ...version] = /^\s*GLES: (.+)$/m.exec(text)?.[1].trim().split(', ') ?? []
  if (!vendor) return {}
  return definedOnly({
    gpu: renderer?.includes(vendor) ? renderer : joined(vendor, renderer),
    gpu_driver: version.join(', ') || undefined,
  })
}

/** @throws {LetiError} `device-lost` */
export async function describePhone(adb: Adb): Promise<Phone> {
  const [properties, graphics] = await Promise.all([
    adb.shell(['getprop']),
    adb.shell(['dumpsys', 'SurfaceFlinger']),
  ])
  return { ...toPhone(parseProperties(properties.stdout)), ...parseGpu(graphics.stdout) }
}

/** The part of a phone's environment that changes from run to run. */
export interface Conditions {
  readonly thermal_status?: string
  readonly battery_percent?: number
  readonly battery_temperature_c?: number
}

/** @throws {LetiError} `device-lost` */
export async function readConditions(adb: Adb): Promise<Conditions> {
  const [battery, thermal] = await Promise.all([
    adb.shell(['dumpsys', 'battery']),
    adb.shell(['dumpsys', 'thermalservice']),
  ])
  const { percent, temperatureC } = parseBattery(battery.stdout)
  return definedOnly({
    thermal_status: parseThermalStatus(thermal.stdout),
    battery_percent: percent,
    battery_temperature_c: temperatureC,
  })
}

/** The environment of one run: the phone's temperatures before and after. */
export function conditionsEnvironment(before: Conditions, after: Conditions): Environment {
  return definedOnly({
    thermal_status_before: before.thermal_status,
    thermal_status_after: after.thermal_status,
    battery_temperature_before_c: before.battery_temperature_c,
    battery_temperature_after_c: after.battery_temperature_c,
    battery_percent: after.battery_percent,
  })
}

function joined(...parts: (string | undefined)[]): string | undefined {
  return parts.filter((part) => part && part !== 'unknown').join(' ') || undefined
}

type Defined<T> = { [Key in keyof T]?: NonNullable<T[Key]> }

/** Leaves out members that are not known. */
function definedOnly<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Defined<T>
}
