import { setTimeout as delay } from 'node:timers/promises'
import type { Opening } from '../target.js'
import { Adb } from './adb.js'
import { resolvePhone } from './device-list.js'
import { deviceLost } from './failure.js'

const POLL_MS = 1000

/**
 * The serial of the phone to use.
 *
 * @param serial where it is not given, of the only phone that is attached
 * @throws {LetiError} `usage` where none or several could be meant, `device-lost` where it is not ready
 */
export async function awaitPhone(
  serial: string | undefined,
  { patience, signal }: Opening,
): Promise<string> {
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

/** A phone that reboots is there for adb long before it can do anything. */
async function bootedPhone(serial: string | undefined): Promise<string> {
  const found = await resolvePhone(serial)
  const { stdout } = await new Adb(found).shell(['getprop', 'sys.boot_completed'])
  if (stdout.trim() !== '1') throw deviceLost(found, 'starting')
  return found
}
