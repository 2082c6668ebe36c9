import { resolvePhone } from './choose-phone.js'

/**
 * The machine of a phone: its name.
 *
 * @param name in devices.yaml; default: the only phone attached
 * @throws {LetiError} as `resolvePhone`
 */
export async function phoneMachine(name?: string, signal?: AbortSignal): Promise<string> {
  return (await resolvePhone(name, signal)).name
}
