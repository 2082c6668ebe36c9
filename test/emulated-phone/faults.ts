import type { BenchmarkBehavior } from './benchmark/behavior.js'

/** The phone's faults, and how its tools behave. All can be changed while the phone runs. */
export interface Behavior {
  /** The user has not allowed USB debugging from this computer. */
  unauthorized: boolean
  /** The phone is connected but does not answer; adb lists it as offline. */
  offline: boolean
  /** The phone is unplugged after this many bytes of the next push. */
  unplugAfterPushBytes: number
  /** Every write fails with "No space left on device". */
  diskFull: boolean
  /** Chrome is killed at the N-th call of a page's functions from now on. */
  killChromeAtCall: number
  /** The N-th call of a page's functions from now on gets no answer. */
  hangChromeAtCall: number
  /** Chrome's pages return wrong numbers from the second run on. */
  wrongNumbers: boolean
  /** Time that the activity manager takes to start the benchmark app, in ms. */
  appStartMs: number
  /** How `benchmark_model` and the benchmark app behave. */
  benchmark: BenchmarkBehavior
}

export const WELL_BEHAVED: Behavior = {
  unauthorized: false,
  offline: false,
  unplugAfterPushBytes: Infinity,
  diskFull: false,
  killChromeAtCall: Infinity,
  hangChromeAtCall: Infinity,
  wrongNumbers: false,
  appStartMs: 0,
  benchmark: {},
}

/** The error of a write to a full disk. */
export function noSpaceLeft(): NodeJS.ErrnoException {
  return Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
}
