import { setTimeout as delay } from 'node:timers/promises'
import type { OpenContext } from '../target.js'
import { Adb } from './adb.js'
import { resolvePhone } from './device-list.js'
import { deviceLost } from './failure.js'

const POLL_MS = 1000

/**
 * Finds the phone to use. A phone that was lost is waited for; no other may take its place.
 *
 * @param configured serial number in devices.yaml; default: the only phone attached
 * @returns the phone's serial number
 * @throws {LetiError} `usage` if several phones are attached and none is named, `device-lost` if the
 *   phone is not ready
 */
export async function awaitPhone(
  configured: string | undefined,
  { patience, machine, signal }: OpenContext,
): Promise<string> {
  const serial = machine ?? configured
  const deadline = performance.now() + patience * 1000
  for (;;) {
    try {
      return patience > 0 ? await bootedPhone(serial) : await resolvePhone(serial)
    } catch (error) {
      if (performance.now() >= deadline || signal.aborted) throw error
    }
    await delay(POLL_MS, undefined, { signal })
  }
}

/** adb sees a phone that reboots long before the phone can run anything. */
async function bootedPhone(serial: string | undefined): Promise<string> {
  const found = await resolvePhone(serial)
  const { stdout } = await new Adb(found).shell(['getprop', 'sys.boot_completed'])
  if (stdout.trim() !== '1') throw deviceLost(found, 'starting')
  return found
}
