/** A target is a kind of device: `node`, `chromium`, ... This is the seam for new ones. */
import {
  LetiError,
  type Delegation,
  type Environment,
  type KernelTime,
  type LatencyStatistics,
} from '@leti/records'
import type { Protocol } from './protocol.js'
import type { Settings, ValuesOf } from './settings.js'

/** Runtimes by name, each with its backends; in both, the default comes first. */
export type Offers = Readonly<Record<string, readonly string[]>>

/** A kind of device. To add one, add its folder in `targets/` and a line in `registry.ts`. */
export interface Target<S extends Settings = Settings> {
  readonly runtimes: Offers
  /** The settings that a device of this kind takes in devices.yaml, beside runtime and backend. */
  readonly settings: S
  /**
   * Finds the machine that the device runs on, without touching it. Devices of one machine take turns,
   * and so do runs.
   *
   * @param signal ends the search
   * @returns the name of a phone, which no other phone has; `host` is this computer
   * @throws {LetiError} `usage`, `device-lost` if no machine can be told
   */
  machine(device: DeviceConfig<ValuesOf<S>>, signal?: AbortSignal): Promise<string>
  /**
   * Longest time in seconds that a person may take to bring the device, at first or after it was lost: then a network
   * is tried again. Absent if no person has to.
   */
  wait?(device: DeviceConfig<ValuesOf<S>>): number
  /**
   * @throws {DeviceGone} if no person brings the device any more
   * @throws {LetiError} `usage` if the device is not configured or installed as it must be,
   *   `device-lost` if it does not answer
   */
  open(device: DeviceConfig<ValuesOf<S>>, context: OpenContext): Promise<OpenDevice>
  /**
   * Says whether the device can be opened, without opening it.
   *
   * @param signal ends the wait for a device that does not answer
   */
  state(device: DeviceConfig<ValuesOf<S>>, signal?: AbortSignal): Promise<DeviceState>
}

/** A device as devices.yaml defines it, with the defaults filled in. */
export interface DeviceConfig<Values = Readonly<Record<string, unknown>>> {
  readonly name: string
  /** Name of its target. */
  readonly target: string
  /** Name of the runtime that runs the models. */
  readonly runtime: string
  /** What the runtime computes with: `wasm`, `webgpu`, ...; TFLite calls it a delegate. */
  readonly backend: string
  /** The target's own settings. */
  readonly settings: Values
}

export interface OpenContext {
  /** How long to wait for a device that was lost, in seconds; 0 for one that is opened first. */
  readonly patience: number
  /** The machine to open the device on, as `Target.machine` found it; no other may take its place. */
  readonly machine?: string | undefined
  /** Whether a phone is to hold its clocks, if it can. */
  readonly fixedPerformance?: boolean
  /**
   * Aborted when the device is not opened any more. What a target keeps between two openings, such as a server that a
   * lost page comes back to, ends then.
   */
  readonly life?: AbortSignal
  /** Whether a person who has stopped the device may start it again; absent: it is gone then. */
  readonly restarts?: boolean | undefined
  /** What the device has to do. */
  readonly progress?: Progress
  /** Shows the person at the terminal what to do to bring the device, in lines. */
  say?(text: string): void
  /** Ends the opening: what was opened so far is closed, and the opening fails. */
  readonly signal: AbortSignal
}

/** How far the run is on a device. */
export interface Progress {
  /** Number of networks that the device has measured. */
  measured: number
  /** Number of networks that it is to measure; absent if that is not known. */
  expected?: number | undefined
}

/** The device is lost for the rest of the run: its networks are left to another run. */
export class DeviceGone extends LetiError {
  constructor(message: string) {
    super('device-lost', message)
  }
}

/** An open device. If a call fails, the device must be closed and opened again. */
export interface OpenDevice {
  /** Whether it stays usable when a model fails, since each model runs in its own process. */
  readonly outlivesModels?: boolean
  describe(): DeviceDescription
  /**
   * Measures a model.
   *
   * @param modelPath the model's file, in the format of the device's runtime
   * @throws {LetiError} `model-failed`, `device-crashed`, `device-lost`
   */
  run(modelPath: string, protocol: Protocol): Promise<Run>
  /**
   * Waits until the device is cool; absent if the device cannot tell.
   *
   * @param seconds the longest time to wait
   * @returns whether it is cool
   */
  coolDown?(seconds: number): Promise<boolean>
  /** The charge of its battery, in percent; absent or `undefined` if the device cannot tell. */
  batteryPercent?(): Promise<number | undefined>
  /** Ends at once; a call in progress fails. Never throws. */
  close(): Promise<void>
}

/** What an open device reports about itself. */
export interface DeviceDescription {
  /** Name and, if known, version: `tfjs@4.22.0`. */
  readonly runtime: string
  readonly backend: string
  /** Threads actually used. */
  readonly threads: number
  readonly environment: Environment
}

/** The result of measuring one network. */
export interface Run {
  /** Every sample in ms, or the statistics that the device's own tool computed from its samples. */
  readonly latency:
    { readonly samplesMs: readonly number[] } | { readonly statistics: LatencyStatistics }
  readonly loadMs: number
  readonly firstRunMs: number
  /** Time of the runs between the first one and the samples; absent if the device's own tool makes them. */
  readonly warmUpMs?: number
  /**
   * All elements of the outputs after the first and after the last run. Absent if the device gives no
   * outputs; the run is not verified then.
   */
  readonly firstOutput?: readonly number[]
  readonly lastOutput?: readonly number[]
  readonly kernels?: readonly KernelTime[]
  readonly peakMemoryBytes?: number
  /** What ran on the accelerator; absent if there is no accelerator to fall back from. */
  readonly delegation?: Delegation
  /** The environment of this run alone, such as temperatures before and after. */
  readonly environment?: Environment
}

export interface DeviceState {
  readonly state: 'ready' | 'unavailable'
  /** What was found, or what to do about it. */
  readonly detail: string
}
