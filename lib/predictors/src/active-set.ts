import type { Moments } from './additive/moments.js'
import { solve } from './additive/regression.js'

/** A slope below this part of a column's projection is a rounding error. */
const ROUNDING = 1e-10

/**
 * The non-negative weights with the least squared errors plus ridge penalty, by an active set (Lawson and
 * Hanson, "Solving Least Squares Problems", 1974, chapter 23). Exact, and much faster than a descent if few
 * weights are above 0. Every column but the first needs a penalty above 0, which makes the optimum unique.
 */
export function activeSet(moments: Moments, penalties: Float64Array): Float64Array {
  const { projection } = moments
  const used = new Set<number>()
  let weights: Float64Array = new Float64Array(projection.length)
  for (let round = 0; round < 3 * projection.length; round++) {
    const next = steepest(moments, penalties, weights, used)
    if (next === undefined) break
    used.add(next)
    weights = settled(moments, penalties, weights, used)
  }
  return weights
}

/** The unused column whose weight reduces the errors most. */
function steepest(
  { gram, projection }: Moments,
  penalties: Float64Array,
  weights: Float64Array,
  used: ReadonlySet<number>,
): number | undefined {
  const width = weights.length
  let best: number | undefined
  let most = 0
  for (let i = 0; i < width; i++) {
    if (used.has(i)) continue
    let slope = projection[i]
    for (const j of used) slope -= gram[i < j ? j * width + i : i * width + j] * weights[j]
    if (slope <= ROUNDING * Math.abs(projection[i])) continue
    const gain = (slope * slope) / (gram[i * width + i] + penalties[i])
    if (gain > most) [best, most] = [i, gain]
  }
  return best
}

/** Solves for the used columns. Those whose weight would fall below 0 are no longer used. */
function settled(
  moments: Moments,
  penalties: Float64Array,
  start: Float64Array,
  used: Set<number>,
): Float64Array {
  let weights = start
  for (;;) {
    const solution = solve(
      moments,
      penalties.map((penalty, i) => (used.has(i) ? penalty : Infinity)),
    )
    const negative = [...used].filter((i) => solution[i] <= 0)
    if (!negative.length) return solution
    // The largest step towards the solution that keeps all weights at 0 or above.
    const parts = negative.map((i) =>
      weights[i] > 0 ? weights[i] / (weights[i] - solution[i]) : 0,
    )
    const part = Math.min(...parts)
    weights = weights.map((weight, i) => weight + part * (solution[i] - weight))
    negative.forEach((i, index) => {
      if (parts[index] > part) return
      weights[i] = 0
      used.delete(i)
    })
  }
}
