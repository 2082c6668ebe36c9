import { LetiError } from '@leti/records'
import { robustScale } from '../robust.js'
import type { Forecast } from './model.js'
import { dot, RunProcess, type Conditioned } from './process.js'
import { profilesOf, type Profile } from './profile.js'
import { shareHardware, type Run } from './reference-table.js'

/** Least networks shared with the tables, and least runs of a network. */
const MIN_NETWORKS = 3
const MIN_RUNS = 3

/** A run must include this part of the networks that were measured on the new device. */
const SHARED = 0.5

/** Least runs of a backend to estimate its errors from; with fewer, all backends are used. */
const MIN_TESTED = 5

/** A measurement is an outlier if its error is more than this multiple of the 90% quantile of errors. */
const MAX_EXCESS = 3

const LEAST_SPREAD = 0.01

export interface Fit {
  readonly networks: Record<string, Forecast>
  /** Absolute log errors divided by the spread, ascending, of held-out runs of the tables. */
  readonly errors: readonly number[]
  /** Measurements and predictions of the same runs, ms. */
  readonly measured: readonly number[]
  readonly predicted: Float64Array
  /** Number of held-out runs. */
  readonly tested: number
  /** Id of a network whose measurement on the new device is left out, as it contradicts the others. */
  readonly outlier: string | undefined
}

/** Runs that are held out together because they share hardware, and the index of the tested one. */
interface Group {
  readonly group: readonly number[]
  readonly at: number
}

/** The prediction of a held-out run, in logarithms. */
interface Test {
  readonly run: number
  readonly error: number
  readonly deviation: number
}

/**
 * Predicts the networks of the tables on a new device with a Gaussian process over the tables' runs. The
 * input of the process is a run's profile: its latencies of the networks that were measured on the new
 * device. The errors come from the runs on the same backend, each predicted without the runs that share
 * hardware with it.
 *
 * @throws {LetiError} `usage` if the tables and the new device have too few networks in common
 */
export function fitTables(fresh: Run, table: readonly Run[]): Fit {
  const shared = [...fresh.logs.keys()].filter((id) => count(table, id) >= MIN_RUNS)
  if (shared.length < MIN_NETWORKS) {
    const message = `only ${shared.length} of the measured networks are in ${MIN_RUNS} or more runs of --reference`
    throw new LetiError('usage', `${message}; at least ${MIN_NETWORKS} are needed`)
  }
  const outlier = outlierOf(fresh, table, shared)
  const sound = shared.filter((id) => id !== outlier)
  return { ...predictAll(fresh, table, sound, (id) => !sound.includes(id)), outlier }
}

/** The network whose measurement contradicts the others most, if it is an outlier. */
function outlierOf(
  fresh: Run,
  table: readonly Run[],
  shared: readonly string[],
): string | undefined {
  if (shared.length <= MIN_NETWORKS) return undefined
  let outlier: string | undefined
  let most = MAX_EXCESS
  for (const id of shared) {
    const others = shared.filter((other) => other !== id)
    const { networks, errors } = predictAll(fresh, table, others, (other) => other === id)
    if (!Object.hasOwn(networks, id)) continue
    const { latency_ms, spread } = networks[id]
    const typicalError = errors[Math.floor(0.9 * errors.length)] * spread
    const excess = Math.abs((fresh.logs.get(id) ?? NaN) - Math.log(latency_ms)) / typicalError
    if (excess > most) [outlier, most] = [id, excess]
  }
  return outlier
}

/** Predicts the wanted networks from the shared ones. */
function predictAll(
  fresh: Run,
  table: readonly Run[],
  shared: readonly string[],
  isWanted: (id: string) => boolean,
): Omit<Fit, 'outlier'> {
  const least = Math.max(2, SHARED * shared.length)
  const runs = table.filter(({ logs }) => shared.filter((id) => logs.has(id)).length >= least)
  const profiles = profilesOf([...runs, fresh], shared)
  const own = profiles[runs.length]
  const process = new RunProcess(profiles.slice(0, -1))
  const { covariances, deviation } = process.at(own)
  const groups = groupsOf(runs, testedRuns(profiles.slice(0, -1), own))
  const known = new Set(runs.flatMap(({ logs }) => [...logs.keys()]))
  const wanted = [...known].filter((id) => isWanted(id) && count(runs, id) >= MIN_RUNS)
  const networks: Record<string, Forecast> = {}
  const all: { scaled: number; measured: number; predicted: number }[] = []
  for (const id of wanted) {
    const logs = runs.map((run) => run.logs.get(id) ?? NaN)
    const conditioned = process.condition(
      Float64Array.from(logs, (log, i) => log - profiles[i].speed),
    )
    const tests = testsOf(process, conditioned, groups)
    const scale = scaleOf(tests)
    const log = own.speed + conditioned.typical + dot(covariances, conditioned.alpha)
    networks[id] = { latency_ms: Math.exp(log), spread: scale * deviation }
    for (const { run, error, deviation: expected } of tests) {
      const scaled = Math.abs(error) / (scale * expected)
      all.push({ scaled, measured: Math.exp(logs[run]), predicted: Math.exp(logs[run] - error) })
    }
  }
  return {
    networks,
    errors: all.map(({ scaled }) => scaled).sort((a, b) => a - b),
    measured: all.map(({ measured }) => measured),
    predicted: Float64Array.from(all, ({ predicted }) => predicted),
    tested: groups.length,
  }
}

function testsOf(process: RunProcess, conditioned: Conditioned, groups: readonly Group[]): Test[] {
  return groups.flatMap(({ group, at }) => {
    const leftOut = process.leaveOut(conditioned, group)[at]
    return Number.isNaN(leftOut.error) ? [] : [{ run: group[at], ...leftOut }]
  })
}

/** Indices of the runs on the new device's backend, or of all runs if those are too few. */
function testedRuns(profiles: readonly Profile[], own: Profile): number[] {
  const alike = [...profiles.keys()].filter((i) => profiles[i].backend === own.backend)
  return alike.length >= MIN_TESTED ? alike : [...profiles.keys()]
}

/** For each tested run, the runs that share hardware with it. */
function groupsOf(runs: readonly Run[], tested: readonly number[]): Group[] {
  return tested.map((run) => {
    const group = [...runs.keys()].filter((other) => shareHardware(runs[run], runs[other]))
    return { group, at: group.indexOf(run) }
  })
}

/** A network's errors relative to the standard deviations of the process. */
function scaleOf(tests: readonly Test[]): number {
  const ratios = tests.map(({ error, deviation }) => error / deviation)
  return Math.max(LEAST_SPREAD, robustScale(ratios))
}

function count(runs: readonly Run[], id: string): number {
  return runs.filter(({ logs }) => logs.has(id)).length
}
