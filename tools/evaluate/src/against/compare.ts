import { agreement, type Agreement } from '@leti/measurements'
import { changeOf, isJudged, type Change } from './change.js'
import { latencyOf, type DevicePair, type Measured } from './gather.js'

/** How well the networks of two runs on one device agree. */
export interface Comparison extends Agreement {
  readonly device: string
  /** Networks in both runs. */
  readonly networks: number
  readonly only_here: number
  readonly only_there: number
  /** Networks of which can be told whether they changed. */
  readonly judged: number
  /** Of them, those that changed, the largest change first. */
  readonly changed: readonly Change[]
}

/** @returns `undefined` if no network is in both runs */
export function compare({ device, before, after }: DevicePair): Comparison | undefined {
  const pairs = [...after].flatMap(([key, now]): [Measured, Measured][] => {
    const then = before.get(key)
    return then ? [[then, now]] : []
  })
  if (!pairs.length) return undefined
  const judged = pairs.filter(([then, now]) => isJudged(then, now))
  const changed = judged.flatMap(([then, now]) => changeOf(then, now) ?? [])
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

function sizeOf({ before_ms, after_ms }: Change): number {
  return Math.abs(Math.log(after_ms / before_ms))
}
