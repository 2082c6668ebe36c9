import { changePoints, medianOf } from '@leti/measurements'
import { lastRunOf, latencyOf, type Measured, type Sitting } from './gather.js'

/** A network whose latency changed. */
export interface Change {
  readonly id: string
  readonly before_ms: number
  readonly after_ms: number
  readonly change_percent: number
  /** Start of the first run that is changed, if a change point among several runs tells. */
  readonly since?: string
}

/** With fewer runs, no step of the usual size would be significant: intervals tell more. */
export const FEWEST_RUNS = 8

/** Every run is one value, and all are measured in the same way. */
const RUNS = { fewest: 1, equalVariance: true }

/** Whether the runs of a network tell whether it changed. */
export function isJudged(then: Measured, now: Measured): boolean {
  const [before, after] = [lastRunOf(then), lastRunOf(now)]
  return before !== undefined && after !== undefined
    ? haveHistory(then, now) || (before.ci95 !== undefined && after.ci95 !== undefined)
    : false
}

/** Whether there are enough runs to look for a change point. */
export function haveHistory(then: Measured, now: Measured): boolean {
  return then.sittings.length + now.sittings.length >= FEWEST_RUNS
}

/** The change of a network that is judged: by a change point among many runs, or by the intervals of the last ones. */
export function changeOf(then: Measured, now: Measured): Change | undefined {
  return haveHistory(then, now) ? byChangePoint(then, now) : byIntervals(then, now)
}

function byChangePoint(then: Measured, now: Measured): Change | undefined {
  const runs = [...then.sittings, ...now.sittings]
  const last = changePoints(
    runs.map(({ latency }) => Math.log(latency)),
    RUNS,
  ).at(-1)
  if (last === undefined) return undefined
  const { time } = runs[last]
  const since = Number.isFinite(time) ? { since: new Date(time).toISOString() } : {}
  const after = medianOf(runs.slice(last).map(({ latency }) => latency))
  return { ...changeFrom(now.id, latencyOf(then), after), ...since }
}

function byIntervals(then: Measured, now: Measured): Change | undefined {
  const [before, after] = [lastRunOf(then), lastRunOf(now)]
  return before && after && areApart(before, after)
    ? changeFrom(now.id, before.latency, after.latency)
    : undefined
}

function areApart({ ci95: a }: Sitting, { ci95: b }: Sitting): boolean {
  return a !== undefined && b !== undefined && (a[1] < b[0] || b[1] < a[0])
}

function changeFrom(id: string, before_ms: number, after_ms: number): Change {
  return { id, before_ms, after_ms, change_percent: 100 * (after_ms / before_ms - 1) }
}
