import type { Point } from './judge.js'

/** The networks with the largest values; of equal ones the fastest, then the first. */
export class Best<P extends Point> {
  private readonly sorted: P[] = []

  constructor(private readonly limit: number) {}

  /** The best first. */
  get points(): readonly P[] {
    return this.sorted
  }

  add(point: P): void {
    const { sorted, limit } = this
    let at = sorted.length
    while (at > 0 && isBetter(point, sorted[at - 1])) at--
    if (at === limit) return
    sorted.splice(at, 0, point)
    if (sorted.length > limit) sorted.pop()
  }
}

function isBetter(a: Point, b: Point): boolean {
  return a.value > b.value || (a.value === b.value && a.latency_ms < b.latency_ms)
}
