import { attachedPhones, backendOf, runtimeOf, TARGETS, type DeviceConfig } from '@leti/devices'
import type { Io } from '@leti/pipe'

/** Shows the devices that have a name, then the phones that adb sees: one line of JSON each. */
export async function listDevices(devices: readonly DeviceConfig[], io: Io): Promise<void> {
  for (const device of devices) {
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
