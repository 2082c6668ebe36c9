import { setTimeout as delay } from 'node:timers/promises'
import type { OpenContext } from '../target.js'
import { Adb } from './adb.js'
import { resolvePhone, type ReadyPhone } from './choose-phone.js'
import { deviceLost } from './failure.js'

const POLL_MS = 1000

/**
 * Finds the phone to use. A phone that was lost is waited for; no other may take its place.
 *
 * @param configured the phone's name in devices.yaml; default: the only phone attached
 * @throws {LetiError} `usage` if several phones are attached and none is named, `device-lost` if the
 *   phone is not ready
 */
export async function awaitPhone(
  configured: string | undefined,
  { patience, machine, signal }: OpenContext,
): Promise<ReadyPhone> {
  const name = machine ?? configured
  const deadline = performance.now() + patience * 1000
  for (;;) {
    try {
      return await (patience > 0 ? bootedPhone : resolvePhone)(name, signal)
    } catch (error) {
      if (performance.now() >= deadline || signal.aborted) throw error
    }
    await delay(POLL_MS, undefined, { signal })
  }
}

/** adb sees a phone that reboots long before the phone can run anything. */
async function bootedPhone(name: string | undefined, signal: AbortSignal): Promise<ReadyPhone> {
  const phone = await resolvePhone(name, signal)
  const { stdout } = await new Adb(phone, signal).shell(['getprop', 'sys.boot_completed'])
  if (stdout.trim() !== '1') throw deviceLost(phone.name, 'starting')
  return phone
}
