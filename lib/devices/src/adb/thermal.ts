import { setTimeout as delay } from 'node:timers/promises'
import type { Adb } from './adb.js'

/** `PowerManager.THERMAL_STATUS_*` of Android 10 and later; the index is the value. */
const STATUSES = [
  'none',
  'light',
  'moderate',
  'severe',
  'critical',
  'emergency',
  'shutdown',
] as const

export type ThermalStatus = (typeof STATUSES)[number]

const POLL_MS = 2000

/**
 * Parses `dumpsys thermalservice`.
 *
 * @returns `undefined` if the phone does not report it, as before Android 10
 */
export function parseThermalStatus(text: string): ThermalStatus | undefined {
  const status = /^\s*Thermal Status: (\d+)\s*$/m.exec(text)?.[1]
  return status === undefined ? undefined : STATUSES[Number(status)]
}

/** @throws {LetiError} `device-lost` */
async function thermalStatus(adb: Adb): Promise<ThermalStatus | undefined> {
  const { stdout } = await adb.shell(['dumpsys', 'thermalservice'])
  return parseThermalStatus(stdout)
}

/**
 * Waits until the phone is not throttled at all. A phone that does not report its thermal status counts
 * as cool.
 *
 * @param seconds the longest time to wait
 * @returns whether it is cool
 * @throws {LetiError} `device-lost`
 */
export async function awaitCooldown(adb: Adb, seconds: number): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000
  for (;;) {
    const status = await thermalStatus(adb)
    if (status === undefined || status === 'none') return true
    const left = deadline - performance.now()
    if (left <= 0) return false
    await delay(Math.min(POLL_MS, left))
  }
}
