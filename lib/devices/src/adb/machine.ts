import { resolvePhone } from './device-list.js'

/**
 * The machine of a phone: its serial number. If devices.yaml names none, adb is asked for the only phone
 * attached.
 *
 * @throws {LetiError} as `resolvePhone`
 */
export function phoneMachine(serial?: string): Promise<string> {
  return serial === undefined ? resolvePhone() : Promise.resolve(serial)
}
