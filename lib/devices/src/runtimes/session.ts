import type { Delegation, KernelTime } from '@leti/records'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/**
 * A runtime on the device's side: what the worker of the `node` target and the page of the browsers
 * call. Calls come one at a time from `remote.ts`; arguments and results are plain data.
 */
export interface Session {
  /** Loads a model, and makes its inputs, always the same seeded ones. */
  load(source: string): Promise<Loaded>
  /**
   * Runs the model `count` times: from the inputs ready to the outputs on the host. Returns the
   * latencies in ms.
   */
  infer(count: number): Promise<number[]>
  /** All elements of the last run's outputs, one output after the other. */
  lastOutput(): readonly number[]
  /** Times the kernels one by one, where the runtime can. */
  profile?(): Promise<Profile>
}

export interface Loaded {
  readonly loadMs: number
  /** What runs on the accelerator; absent where the runtime has nothing to fall back to. */
  readonly delegation?: Delegation
}

export interface Profile {
  /** In the order of execution; what the runtime cannot time is left out. */
  readonly kernels: readonly KernelTime[]
  readonly peakMemoryBytes: number
}

/** A runtime that is ready, and what it says of itself. */
export interface Started {
  readonly session: Session
  /** Its name and version: `tfjs@4.22.0`. */
  readonly runtime: string
  /** Threads that it really uses. */
  readonly threads: number
  readonly gpu?: string
}

/** Uniform in [-1, 1), the same on every device. */
export function seededInput(size: number): Float32Array {
  const random = xoroshiro128plus(1)
  return Float32Array.from({ length: size }, () => random.next() / 2 ** 31)
}
