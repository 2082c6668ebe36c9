import type { Environment, KernelTime } from '@leti/records'
import type { Protocol } from './protocol.js'

/** A device as `devices.yaml` names it. */
export interface DeviceConfig {
  readonly name: string
  readonly target: string
  readonly backend?: string
  readonly threads?: number
  /** The browser to start; found on the PATH where it is not given. */
  readonly executable?: string
  /** WebSocket address of a browser that runs already. */
  readonly endpoint?: string
}

/** What a device says of itself once it is open. */
export interface DeviceDescription {
  readonly runtime: string
  readonly backend: string
  /** Threads actually used. */
  readonly threads: number
  readonly environment: Environment
}

/** What one network's run on a device gave. */
export interface Run {
  readonly samplesMs: readonly number[]
  readonly loadMs: number
  readonly firstRunMs: number
  /** All elements of the output after the first and after the last run. */
  readonly firstOutput: readonly number[]
  readonly lastOutput: readonly number[]
  readonly kernels?: readonly KernelTime[]
  readonly peakMemoryBytes?: number
}

/** An open device. A call that fails leaves it useless: it is closed and opened anew. */
export interface OpenDevice {
  describe(): DeviceDescription
  /**
   * @param modelPath the model's file
   * @throws {LetiError} `model-failed`, `device-crashed`
   */
  run(modelPath: string, protocol: Protocol): Promise<Run>
  /** Ends at once, whatever is under way; what is under way fails. Never throws. */
  close(): Promise<void>
}

export interface DeviceState {
  readonly state: 'ready' | 'unavailable'
  /** What was found, or what to do about it. */
  readonly detail: string
}

/** A kind of device: the seam for new ones. */
export interface Target {
  /** The backends that it offers, the default first. */
  readonly backends: readonly string[]
  /** Members that a device of this kind may have in `devices.yaml`, beside target and backend. */
  readonly settings: readonly (keyof DeviceConfig)[]
  /** The backend whose answers check another's: an implementation of its own, on the CPU. */
  referenceBackend(backend: string): string
  /** @throws {LetiError} `usage` where the device cannot be had as configured */
  open(device: DeviceConfig): Promise<OpenDevice>
  state(device: DeviceConfig): Promise<DeviceState>
}
