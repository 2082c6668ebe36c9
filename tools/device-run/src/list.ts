import { attachedPhones, loadDevices, TARGETS } from '@leti/devices'
import type { Io } from '@leti/pipe'

/**
 * Shows the devices that have a name, then the phones that adb sees: one line of JSON each.
 *
 * @param file that defines the devices, as `loadDevices` takes it
 */
export async function listDevices(file: string | undefined, io: Io): Promise<void> {
  for (const device of await loadDevices(file)) {
    const { name, target, runtime, backend } = device
    const { state, detail } = await TARGETS[target].state(device)
    await io.writeLine(JSON.stringify({ device: name, target, runtime, backend, state, detail }))
  }
  const { phones, problem } = await attachedPhones()
  if (problem) io.warn(`no phones are listed: ${problem}`)
  for (const { serial, ...phone } of phones) {
    await io.writeLine(JSON.stringify({ serial, detail: howToName(serial), ...phone }))
  }
}

function howToName(serial: string): string {
  return `name it in devices.yaml, for example: phone: { target: android-chrome, serial: "${serial}" }`
}
