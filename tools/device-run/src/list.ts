import { attachedPhones, backendOf, loadDevices, runtimeOf, TARGETS } from '@leti/devices'
import type { Io } from '@leti/pipe'

/**
 * Shows the devices that have a name, then the phones that adb sees: one line of JSON each.
 *
 * @param file that defines the devices, as `loadDevices` takes it
 */
export async function listDevices(file: string | undefined, io: Io): Promise<void> {
  for (const device of await loadDevices(file)) {
    const target = TARGETS[device.target]
    const { state, detail } = await target.state(device)
    await io.writeLine(
      JSON.stringify({
        device: device.name,
        target: device.target,
        runtime: runtimeOf(target, device),
        backend: backendOf(target, device),
        state,
        detail,
      }),
    )
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
