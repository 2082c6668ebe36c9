import type { Adb } from './adb.js'

/**
 * Turns the screen on and unlocks it where no code is asked for: what is not seen is throttled. A phone
 * without these commands does as it can. What keeps the screen on is the app's business, since it ends
 * with the app: a setting of the phone would stay.
 *
 * @throws {LetiError} `device-lost`
 */
export async function wakeUp(adb: Adb): Promise<void> {
  await adb.shell(['input', 'keyevent', 'KEYCODE_WAKEUP'])
  await adb.shell(['wm', 'dismiss-keyguard'])
}
