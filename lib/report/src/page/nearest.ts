/** A point as it lies on the screen, pixels. */
export interface Placed {
  /** Index of its record. */
  readonly row: number
  readonly x: number
  readonly y: number
}

/** The farthest that a pointer may be from the point that it means, pixels. */
const REACH = 24

/** The point nearest to a place; `undefined` if none is near. */
export function nearest(placed: readonly Placed[], x: number, y: number): Placed | undefined {
  let found: Placed | undefined
  let least = REACH ** 2
  for (const candidate of placed) {
    const distance = (candidate.x - x) ** 2 + (candidate.y - y) ** 2
    if (distance > least) continue
    least = distance
    found = candidate
  }
  return found
}
