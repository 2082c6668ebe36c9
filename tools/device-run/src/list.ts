import { attachedPhones, loadDevices, TARGETS } from '@leti/devices'
import type { Io } from '@leti/pipe'
import { visible } from '@leti/records'

/**
 * Lists all devices, then the phones that adb sees: one line of JSON each.
 *
 * @param file that defines the devices; default: see `loadDevices`
 */
export async function listDevices(file: string | undefined, io: Io): Promise<void> {
  for (const device of await loadDevices(file)) {
    const { name, target, runtime, backend } = device
    const { state, detail } = await TARGETS[target].state(device)
    await io.writeLine(lineOf({ device: name, target, runtime, backend, state, detail }))
  }
  const { phones, problem } = await attachedPhones()
  if (problem) io.warn(`cannot list phones: ${problem}`)
  for (const { serial, ...phone } of phones) {
    await io.writeLine(lineOf({ serial, detail: howToDefine(serial), ...phone }))
  }
}

/** JSON for people: without characters that steer a terminal. */
function lineOf(entry: object): string {
  return visible(JSON.stringify(entry))
}

/** How to define a device for a phone. */
function howToDefine(serial: string): string {
  return `define it in devices.yaml, for example: phone: { target: android-chrome, serial: "${serial}" }`
}
