import type { Adb } from '../../adb/adb.js'

/**
 * Turns the screen on and unlocks it where no code is asked for: what is not seen is throttled. The
 * page's own wake lock keeps it on, which ends with the page; a setting of the phone would stay.
 *
 * @throws {LetiError} `device-lost`
 */
export async function wakeUp(adb: Adb): Promise<void> {
  await adb.shell(['input', 'keyevent', 'KEYCODE_WAKEUP'])
  await adb.shell(['wm', 'dismiss-keyguard'])
}
