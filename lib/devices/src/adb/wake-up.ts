import type { Adb } from './adb.js'

/**
 * Turns the screen on and dismisses a lock screen without a code, since Android throttles apps that are
 * not visible. Phones without these commands ignore them. Keeping the screen on is left to the app: that
 * ends with the app, while a setting of the phone would stay.
 *
 * @throws {LetiError} `device-lost`
 */
export async function wakeUp(adb: Adb): Promise<void> {
  await adb.shell(['input', 'keyevent', 'KEYCODE_WAKEUP'])
  await adb.shell(['wm', 'dismiss-keyguard'])
}
