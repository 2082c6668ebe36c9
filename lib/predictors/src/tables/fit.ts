import { LetiError } from '@leti/records'
import { robustScale } from '../robust.js'
import { dot, RunProcess, type Conditioned } from './process.js'
import { profilesOf, type Profile } from './profile.js'
import { shareHardware, type Run } from './reference-table.js'

/** Fewer shared networks say too little of a device, fewer runs of a network too little of it. */
const MIN_NETWORKS = 3
const MIN_RUNS = 3

/** A run must have this part of the networks that were measured on the new device. */
const SHARED = 0.5

/** Fewer judged runs of a backend do not tell how wrong predictions are on it. */
const MIN_JUDGED = 5

/** A measurement is wild that is off by so many times what nine of ten predictions are off. */
const BELIEVABLE = 3

const LEAST_SPREAD = 0.01

/** A network of the tables on the new device. */
export interface Forecast {
  readonly latency_ms: number
  /** The typical size of the error's logarithm. */
  readonly spread: number
}

export interface Fit {
  readonly networks: Readonly<Record<string, Forecast>>
  /** Errors in the unit of their spread, of devices of the tables that were predicted like this one. */
  readonly errors: readonly number[]
  /** The same measurements and predictions in ms. */
  readonly measured: readonly number[]
  readonly predicted: Float64Array
  /** How many runs were predicted. */
  readonly judged: number
  /** A measurement of the new device that is left out: the others contradict it. */
  readonly wild: string | undefined
}

/** Runs that are left out together, and which of them is judged. */
interface Group {
  readonly group: readonly number[]
  readonly at: number
}

interface Judgement {
  readonly run: number
  readonly error: number
  readonly deviation: number
}

/**
 * Predicts the networks of the tables on a new device: a Gaussian process over the tables' runs, each
 * known by its latencies of the networks that were measured on the new device. How wrong that is tell
 * the runs of its backend, each predicted without all runs that share hardware with it.
 *
 * @throws {LetiError} `usage` where the tables share too little with the new device
 */
export function fitTables(fresh: Run, table: readonly Run[]): Fit {
  const shared = [...fresh.logs.keys()].filter((id) => count(table, id) >= MIN_RUNS)
  if (shared.length < MIN_NETWORKS) {
    const message = `only ${shared.length} measured networks are in the tables of --reference`
    throw new LetiError('usage', `${message}; ${MIN_NETWORKS} are needed`)
  }
  const wild = wildOf(fresh, table, shared)
  const sound = shared.filter((id) => id !== wild)
  return { ...predictAll(fresh, table, sound, (id) => !sound.includes(id)), wild }
}

/** The network whose measurement all others together contradict most, where that is beyond belief. */
function wildOf(fresh: Run, table: readonly Run[], shared: readonly string[]): string | undefined {
  if (shared.length <= MIN_NETWORKS) return undefined
  let wild: string | undefined
  let most = BELIEVABLE
  for (const id of shared) {
    const others = shared.filter((other) => other !== id)
    const { networks, errors } = predictAll(fresh, table, others, (other) => other === id)
    if (!Object.hasOwn(networks, id)) continue
    const { latency_ms, spread } = networks[id]
    const usual = errors[Math.floor(0.9 * errors.length)] * spread
    const doubt = Math.abs((fresh.logs.get(id) ?? NaN) - Math.log(latency_ms)) / usual
    if (doubt > most) [wild, most] = [id, doubt]
  }
  return wild
}

/** Predicts the networks that are wanted from those that are shared. */
function predictAll(
  fresh: Run,
  table: readonly Run[],
  shared: readonly string[],
  isWanted: (id: string) => boolean,
): Omit<Fit, 'wild'> {
  const least = Math.max(2, SHARED * shared.length)
  const runs = table.filter(({ logs }) => shared.filter((id) => logs.has(id)).length >= least)
  const profiles = profilesOf([...runs, fresh], shared)
  const own = profiles[runs.length]
  const process = new RunProcess(profiles.slice(0, -1))
  const { covariances, deviation } = process.at(own)
  const groups = groupsOf(runs, judgedRuns(profiles.slice(0, -1), own))
  const known = new Set(runs.flatMap(({ logs }) => [...logs.keys()]))
  const wanted = [...known].filter((id) => isWanted(id) && count(runs, id) >= MIN_RUNS)
  const networks: Record<string, Forecast> = {}
  const all: { scaled: number; measured: number; predicted: number }[] = []
  for (const id of wanted) {
    const logs = runs.map((run) => run.logs.get(id) ?? NaN)
    const conditioned = process.condition(
      Float64Array.from(logs, (log, i) => log - profiles[i].speed),
    )
    const judgements = judgementsOf(process, conditioned, groups)
    const scale = scaleOf(judgements)
    const log = own.speed + conditioned.typical + dot(covariances, conditioned.alpha)
    networks[id] = { latency_ms: Math.exp(log), spread: scale * deviation }
    for (const { run, error, deviation: expected } of judgements) {
      const scaled = Math.abs(error) / (scale * expected)
      all.push({ scaled, measured: Math.exp(logs[run]), predicted: Math.exp(logs[run] - error) })
    }
  }
  return {
    networks,
    errors: all.map(({ scaled }) => scaled).sort((a, b) => a - b),
    measured: all.map(({ measured }) => measured),
    predicted: Float64Array.from(all, ({ predicted }) => predicted),
    judged: groups.length,
  }
}

function judgementsOf(
  process: RunProcess,
  conditioned: Conditioned,
  groups: readonly Group[],
): Judgement[] {
  return groups.flatMap(({ group, at }) => {
    const leftOut = process.leaveOut(conditioned, group)[at]
    return Number.isNaN(leftOut.error) ? [] : [{ run: group[at], ...leftOut }]
  })
}

/** Runs like the new one: of its backend, or all where those are too few. */
function judgedRuns(profiles: readonly Profile[], own: Profile): number[] {
  const alike = [...profiles.keys()].filter((i) => profiles[i].backend === own.backend)
  return alike.length >= MIN_JUDGED ? alike : [...profiles.keys()]
}

/** For each run those that are left out with it, and where it stands among them. */
function groupsOf(runs: readonly Run[], judged: readonly number[]): Group[] {
  return judged.map((run) => {
    const group = [...runs.keys()].filter((other) => shareHardware(runs[run], runs[other]))
    return { group, at: group.indexOf(run) }
  })
}

/** How large a network's errors are against the process's standard deviations. */
function scaleOf(judgements: readonly Judgement[]): number {
  const ratios = judgements.map(({ error, deviation }) => error / deviation)
  return Math.max(LEAST_SPREAD, robustScale(ratios))
}

function count(runs: readonly Run[], id: string): number {
  return runs.filter(({ logs }) => logs.has(id)).length
}
