import {
  attachedPhones,
  loadDevices,
  TARGETS,
  type DeviceConfig,
  type WrongDevice,
} from '@leti/devices'
import type { Io } from '@leti/pipe'
import { visible } from '@leti/records'

/**
 * Lists all devices, then the phones that adb sees: one line of JSON each.
 *
 * @param file that defines the devices; default: see `loadDevices`
 */
export async function listDevices(file: string | undefined, io: Io): Promise<void> {
  const devices = await loadDevices(file)
  // Each may wait for adb, so none waits for another.
  const [entries, { phones, problem }] = await Promise.all([
    Promise.all(devices.map((device) => describe(device, io.signal))),
    attachedPhones(io.signal),
  ])
  for (const entry of entries) await io.writeLine(lineOf(entry))
  if (problem) io.warn(`cannot list phones: ${problem}`)
  for (const { serial, name, ...phone } of phones) {
    await io.writeLine(lineOf({ serial, detail: howToDefine(name), ...phone }))
  }
}

async function describe(device: DeviceConfig | WrongDevice, signal: AbortSignal): Promise<object> {
  if ('problem' in device) {
    const { name, problem } = device
    return { device: name, state: 'unavailable', detail: problem.message }
  }
  const { name, target, runtime, backend } = device
  const { state, detail } = await TARGETS[target].state(device, signal)
  return { device: name, target, runtime, backend, state, detail }
}

/** JSON for people: without characters that steer a terminal. */
function lineOf(entry: object): string {
  return visible(JSON.stringify(entry))
}

/** How to define a device for a phone. */
function howToDefine(name: string): string {
  return `define it in devices.yaml, for example: phone: { target: android-chrome, serial: "${name}" }`
}
