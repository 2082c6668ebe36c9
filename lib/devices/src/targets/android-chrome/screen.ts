import type { Adb } from '../../adb/adb.js'

const SETTING = ['global', 'stay_on_while_plugged_in']
/** On any charger: mains, USB, wireless. */
const ALWAYS = '7'

/**
 * Turns the screen on, unlocks it where no code is asked for, and keeps it on: what is not seen is
 * throttled.
 *
 * @returns sets the phone back as it was
 * @throws {LetiError} `device-lost`
 */
export async function keepAwake(adb: Adb): Promise<(adb: Adb) => Promise<void>> {
  const before = (await adb.shell(['settings', 'get', ...SETTING])).stdout.trim()
  await adb.shell(['settings', 'put', ...SETTING, ALWAYS])
  await adb.shell(['input', 'keyevent', 'KEYCODE_WAKEUP'])
  await adb.shell(['wm', 'dismiss-keyguard'])
  return async (later) => {
    const value = /^\d+$/.test(before) ? before : '0'
    await later.shell(['settings', 'put', ...SETTING, value])
  }
}
