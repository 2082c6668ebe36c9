import type { BenchmarkBehaviour } from './benchmark/behaviour.js'

/** How the phone misbehaves, or how its tools behave. All can be changed while it runs. */
export interface Behaviour {
  /** The user has not allowed this computer to debug. */
  unauthorized: boolean
  /** Connected, and deaf: adb lists it as offline. */
  offline: boolean
  /** The cable comes off after this many bytes of the next push. */
  unplugAfterPushBytes: number
  /** Every write fails with "No space left on device". */
  diskFull: boolean
  /** Chrome is killed at the N-th call of a page's functions from now. */
  killChromeAtCall: number
  /** The N-th call of a page's functions from now is never answered. */
  hangChromeAtCall: number
  /** Chrome's pages answer wrong numbers from the second run on. */
  wrongNumbers: boolean
  /** What the activity manager takes to start the benchmark app, in ms. */
  appStartMs: number
  /** How `benchmark_model` and the benchmark app behave. */
  benchmark: BenchmarkBehaviour
}

export const WELL_BEHAVED: Behaviour = {
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

/** What a write to a full disk fails with. */
export function noSpaceLeft(): NodeJS.ErrnoException {
  return Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
}
