import { median } from '../linear-algebra.js'
import type { Run } from './reference-table.js'

/** A run, described by its latencies of the networks that were measured on the new device. */
export interface Profile {
  readonly backend?: string
  /** Base-2 logarithm; 0 if the backend does not run on CPU threads. */
  readonly threads: number
  /** Mean log latency, relative to the typical one. */
  readonly speed: number
  /** For each network, its log latency relative to that speed; 0 if it was not measured. */
  readonly shape: readonly number[]
}

/** Backends that run on CPU threads. */
const ON_THREADS = new Set(['cpu', 'wasm'])

const ROUNDS = 5

/**
 * The profile of each run.
 *
 * @param networks ids of the networks in the profile; every run must have measured at least one
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

/** A network's log latencies relative to the speeds of the runs. */
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
