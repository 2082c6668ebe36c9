import type { Point } from './judge.js'

/**
 * The Pareto front: the networks that no other one beats in both latency and objective. Of equal ones the first
 * stays.
 */
export class Front<P extends Point> {
  /** By ascending latency, and so by ascending value. */
  private readonly sorted: P[] = []

  get points(): readonly P[] {
    return this.sorted
  }

  /** @returns whether the point is on the front now */
  add(point: P): boolean {
    const { sorted } = this
    const at = this.firstSlower(point.latency_ms)
    // All before it are as fast or faster; the last of them has the largest value.
    if (at > 0 && sorted[at - 1].value >= point.value) return false
    let start = at
    while (start > 0 && sorted[start - 1].latency_ms === point.latency_ms) start--
    let end = at
    while (end < sorted.length && sorted[end].value <= point.value) end++
    sorted.splice(start, end - start, point)
    return true
  }

  /** The place of the first point with a larger latency. */
  private firstSlower(latency_ms: number): number {
    let low = 0
    let high = this.sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.sorted[middle].latency_ms <= latency_ms) low = middle + 1
      else high = middle
    }
    return low
  }
}
