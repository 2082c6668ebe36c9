import type { Point } from './judge.js'

/**
 * The area that a front dominates up to a reference point: one number for how far a search has come.
 *
 * @param front by ascending latency
 * @param worst a latency and a value that all of the front reach
 */
export function hypervolume(front: readonly Point[], worst: Point): number {
  return front.reduce((area, { latency_ms, value }, i) => {
    const next = front[i + 1]?.latency_ms ?? worst.latency_ms
    return area + Math.max(0, next - latency_ms) * Math.max(0, value - worst.value)
  }, 0)
}
