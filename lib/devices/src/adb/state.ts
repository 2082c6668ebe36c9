import { messageOf } from '@leti/records'
import type { DeviceState } from '../target.js'
import { Adb } from './adb.js'
import { resolvePhone } from './choose-phone.js'
import { describePhone } from './phone.js'

/**
 * The state of a phone.
 *
 * @param name in devices.yaml; default: the only phone attached
 * @param check throws if the device is not configured as it must be, or the phone lacks something
 */
export async function phoneState(
  name: string | undefined,
  signal: AbortSignal | undefined,
  check?: (adb: Adb) => Promise<void>,
): Promise<DeviceState> {
  try {
    const adb = new Adb(await resolvePhone(name, signal), signal)
    await check?.(adb)
    const { model, android } = await describePhone(adb)
    const version = android ? `, Android ${android}` : ''
    return { state: 'ready', detail: `${model ?? 'a phone'}${version}, ${adb.name}` }
  } catch (error) {
    return { state: 'unavailable', detail: messageOf(error) }
  }
}
