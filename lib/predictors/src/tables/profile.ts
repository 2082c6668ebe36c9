import { median } from '../linear-algebra.js'
import type { Run } from './reference-table.js'

/** A run as the networks that were measured on the new device show it. */
export interface Profile {
  readonly backend?: string
  /** Logarithm to base 2; 0 where the backend is not said to be a processor's. */
  readonly threads: number
  /** How slow it is: the mean logarithm, against the typical run's. */
  readonly speed: number
  /** How each network is off that speed, as logarithms; 0 where it was not measured. */
  readonly shape: readonly number[]
}

/** Threads matter to networks that run on them. */
const ON_THREADS = new Set(['cpu', 'wasm'])

const ROUNDS = 5

/**
 * The profiles of runs, in their order.
 *
 * @param networks ids of those that make the profile; each run has one of them at least
 */
export function profilesOf(runs: readonly Run[], networks: readonly string[]): Profile[] {
  let speeds = runs.map((run) => meanOf(knownOf(run, networks)))
  let typical = networks.map(() => 0)
  for (let round = 0; round < ROUNDS; round++) {
    typical = networks.map((id) => median(offsetsOf(id, runs, speeds)))
    speeds = runs.map((run) =>
      meanOf(networks.flatMap((id, i) => (run.logs.has(id) ? [logOf(run, id) - typical[i]] : []))),
    )
  }
  return runs.map((run, r) => ({
    backend: run.backend,
    threads: ON_THREADS.has(run.backend ?? '') ? Math.log2(Math.max(1, run.threads ?? 1)) : 0,
    speed: speeds[r],
    shape: networks.map((id, i) =>
      run.logs.has(id) ? logOf(run, id) - speeds[r] - typical[i] : 0,
    ),
  }))
}

/** How a network's logarithm is off the speed of the runs that have it. */
function offsetsOf(id: string, runs: readonly Run[], speeds: readonly number[]): number[] {
  return runs.flatMap((run, r) => (run.logs.has(id) ? [logOf(run, id) - speeds[r]] : []))
}

function knownOf(run: Run, networks: readonly string[]): number[] {
  return networks.flatMap((id) => (run.logs.has(id) ? [logOf(run, id)] : []))
}

function logOf(run: Run, id: string): number {
  return run.logs.get(id) ?? NaN
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
