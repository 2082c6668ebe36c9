import type { Delegation, Environment, KernelTime, LatencyStatistics } from '@leti/records'
import type { Protocol } from './protocol.js'

/** A device as `devices.yaml` names it. */
export interface DeviceConfig {
  readonly name: string
  readonly target: string
  /** What runs the models: one of the target's runtimes. */
  readonly runtime?: string
  /** What the runtime computes with; of Android's native runtime, the delegate. */
  readonly backend?: string
  readonly threads?: number
  /** The browser to start; found on the PATH where it is not given. */
  readonly executable?: string
  /** WebSocket address of a browser that runs already. */
  readonly endpoint?: string
  /** Which of the attached phones; the only one where it is not given. */
  readonly serial?: string
  /** The phone's browser: an Android package. */
  readonly package?: string
  /** TFLite's benchmark program for the phone, a file on this computer. */
  readonly benchmark_model?: string
  /** How TFLite is driven: `binary`, or the official benchmark `app`. */
  readonly runner?: string
}

/** What a device says of itself once it is open. */
export interface DeviceDescription {
  /** Name and, where it is known, version: `tfjs@4.22.0`. */
  readonly runtime: string
  readonly backend: string
  /** Threads actually used. */
  readonly threads: number
  readonly environment: Environment
}

/** What one network's run on a device gave. */
export interface Run {
  /** Every sample in ms, or what the device's own tool made of samples that it keeps to itself. */
  readonly latency:
    { readonly samplesMs: readonly number[] } | { readonly statistics: LatencyStatistics }
  readonly loadMs: number
  readonly firstRunMs: number
  /**
   * All elements of the outputs after the first and after the last run; absent where the device gives
   * none. A run with neither is not verified.
   */
  readonly firstOutput?: readonly number[]
  readonly lastOutput?: readonly number[]
  readonly kernels?: readonly KernelTime[]
  readonly peakMemoryBytes?: number
  /** What ran where it was asked to; absent where nothing can fall back. */
  readonly delegation?: Delegation
  /** What was true of this run alone, such as temperatures before and after. */
  readonly environment?: Environment
}

/** An open device. A call that fails leaves it useless: it is closed and opened anew. */
export interface OpenDevice {
  /** Whether a model that fails leaves it as it was all the same: each runs in a process of its own. */
  readonly outlivesModels?: boolean
  /** Which machine it is: `host` is this computer. Two devices on one are not measured at once. */
  readonly machine: string
  describe(): DeviceDescription
  /**
   * @param modelPath the model's file, in the format of the device's runtime
   * @throws {LetiError} `model-failed`, `device-crashed`, `device-lost`
   */
  run(modelPath: string, protocol: Protocol): Promise<Run>
  /**
   * Waits until the device is cool, where it can tell; false where it is not in time.
   *
   * @param seconds how long at most
   */
  coolDown?(seconds: number): Promise<boolean>
  /** Ends at once, whatever is under way; what is under way fails. Never throws. */
  close(): Promise<void>
}

export interface DeviceState {
  readonly state: 'ready' | 'unavailable'
  /** What was found, or what to do about it. */
  readonly detail: string
}

/** Formats of model files, as `formats` names them. */
export type ModelFormat = 'tfjs' | 'tflite'

/** A runtime that a kind of device offers. */
export interface Runtime {
  /** ModelFormat of the model files that it loads. */
  readonly format: ModelFormat
  /** The default first. */
  readonly backends: readonly string[]
  /** Whether it times kernels one by one. */
  readonly profiles: boolean
}

export interface Opening {
  /** How long to wait for a device that was there before, in seconds. */
  readonly patience: number
  /** Ends the opening: what is half open is undone, and the opening fails. */
  readonly signal: AbortSignal
}

/** A kind of device: the seam for new ones. */
export interface Target {
  /** What can run models on it, the default first. */
  readonly runtimes: Readonly<Record<string, Runtime>>
  /** Members that a device of this kind may have in `devices.yaml`, beside target and backend. */
  readonly settings: readonly (keyof DeviceConfig)[]
  /** @throws {LetiError} `usage` where the device cannot be had as configured, `device-lost` */
  open(device: DeviceConfig, how: Opening): Promise<OpenDevice>
  state(device: DeviceConfig): Promise<DeviceState>
}
