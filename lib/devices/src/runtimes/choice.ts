import type { DeviceConfig, Runtime, Target } from '../target.js'

/** Name of the runtime that runs the models on a device: its own, or its target's first. */
export function runtimeOf(target: Target, device: DeviceConfig): string {
  return device.runtime ?? Object.keys(target.runtimes)[0]
}

/** What that runtime offers. */
export function offerOf(target: Target, device: DeviceConfig): Runtime {
  return target.runtimes[runtimeOf(target, device)]
}

/** The backend of the runtime: the device's own, or the runtime's first. */
export function backendOf(target: Target, device: DeviceConfig): string {
  return device.backend ?? offerOf(target, device).backends[0]
}
