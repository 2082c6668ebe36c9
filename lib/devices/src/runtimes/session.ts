import type { Delegation, KernelTime } from '@leti/records'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/**
 * A runtime that runs on the device's side: in the worker of the `node` target, or in a page of a
 * browser. `remote.ts` calls it from the host, one call at a time; arguments and results are plain data.
 */
export interface Session {
  /** Loads a model and makes its inputs from a fixed seed. */
  load(source: string): Promise<Loaded>
  /**
   * Runs the model `count` times. A run is timed from the inputs being ready to the outputs being in
   * the host's memory.
   *
   * @returns the latencies in ms
   */
  infer(count: number): Promise<number[]>
  /** All elements of the last run's outputs, one output after the other. */
  lastOutput(): readonly number[]
  /** Times the kernels one by one; absent if the runtime cannot. */
  profile?(): Promise<Profile>
}

export interface Loaded {
  readonly loadMs: number
  /** What runs on the accelerator; absent if the runtime never falls back to the CPU. */
  readonly delegation?: Delegation
}

export interface Profile {
  /** In the order of execution; kernels that the runtime cannot time are left out. */
  readonly kernels: readonly KernelTime[]
  readonly peakMemoryBytes: number
}

/** A runtime that has started, and its description of itself. */
export interface Started {
  readonly session: Session
  /** Name and version: `tfjs@4.22.0`. */
  readonly runtime: string
  /** Threads that it actually uses. */
  readonly threads: number
  readonly gpu?: string
}

/** Input values: uniform in [-1, 1), the same on every device. */
export function seededInput(size: number): Float32Array {
  const random = xoroshiro128plus(1)
  return Float32Array.from({ length: size }, () => random.next() / 2 ** 31)
}
