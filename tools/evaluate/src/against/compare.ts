import { agreement, type Agreement } from '@leti/measurements'
import { intervalOf, latencyOf, type DevicePair, type Measured } from './gather.js'

/** A network whose two intervals do not overlap. */
export interface Change {
  readonly id: string
  readonly before_ms: number
  readonly after_ms: number
  readonly change_percent: number
}

/** How well the networks of two runs on one device agree. */
export interface Comparison extends Agreement {
  readonly device: string
  /** Networks in both runs. */
  readonly networks: number
  readonly only_here: number
  readonly only_there: number
  /** Networks with an interval in both runs. */
  readonly judged: number
  /** Of them, those that changed beyond their intervals, the largest change first. */
  readonly changed: readonly Change[]
}

/** @returns `undefined` if no network is in both runs */
export function compare({ device, before, after }: DevicePair): Comparison | undefined {
  const pairs = [...after].flatMap(([key, now]): [Measured, Measured][] => {
    const then = before.get(key)
    return then ? [[then, now]] : []
  })
  if (!pairs.length) return undefined
  const judged = pairs.filter(([then, now]) => intervalOf(then) && intervalOf(now))
  const changed = judged.filter(([then, now]) => areApart(then, now)).map(toChange)
  return {
    device,
    networks: pairs.length,
    only_here: after.size - pairs.length,
    only_there: before.size - pairs.length,
    ...agreement(
      pairs.map(([then]) => latencyOf(then)),
      pairs.map(([, now]) => latencyOf(now)),
    ),
    judged: judged.length,
    changed: changed.sort((a, b) => sizeOf(b) - sizeOf(a)),
  }
}

function areApart(then: Measured, now: Measured): boolean {
  const [a, b] = [intervalOf(then), intervalOf(now)]
  return a !== undefined && b !== undefined && (a[1] < b[0] || b[1] < a[0])
}

function toChange([then, now]: readonly [Measured, Measured]): Change {
  const [before_ms, after_ms] = [latencyOf(then), latencyOf(now)]
  return {
    id: now.id,
    before_ms,
    after_ms,
    change_percent: 100 * (after_ms / before_ms - 1),
  }
}

function sizeOf({ before_ms, after_ms }: Change): number {
  return Math.abs(Math.log(after_ms / before_ms))
}
