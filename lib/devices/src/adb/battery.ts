import type { Adb } from './adb.js'

export interface Battery {
  readonly percent?: number
  readonly temperatureC?: number
}

/**
 * Parses `dumpsys battery`. Its first lines are the current state, with the temperature in tenths of a
 * degree. Some manufacturers append a log of older states, which is ignored.
 */
export function parseBattery(text: string): Battery {
  const level = numberOf(text, 'level')
  const scale = numberOf(text, 'scale') ?? 100
  const tenths = numberOf(text, 'temperature')
  return {
    ...(level !== undefined && scale > 0 && { percent: Math.round((100 * level) / scale) }),
    ...(tenths !== undefined && { temperatureC: tenths / 10 }),
  }
}

/**
 * The charge of the phone's battery; `undefined` if the phone does not tell.
 *
 * @throws {LetiError} `device-lost`
 */
export async function batteryPercent(adb: Adb): Promise<number | undefined> {
  return parseBattery((await adb.shell(['dumpsys', 'battery'])).stdout).percent
}

function numberOf(text: string, name: string): number | undefined {
  const value = new RegExp(`^\\s*${name}: (-?\\d+)\\s*$`, 'm').exec(text)?.[1]
  return value === undefined ? undefined : Number(value)
}
