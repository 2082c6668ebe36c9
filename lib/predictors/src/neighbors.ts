import type { Sample } from './sample.js'
import { byNetwork } from './networks.js'
import { entered } from './design.js'
import { columnsOf } from './feature-columns.js'
import { evenly } from './evenly.js'
import { median } from './linear-algebra.js'

/** Neighbors of a network; their median is right if less than half of them are wrong. */
const NEIGHBORS = 5

/** Most networks to look for neighbors among: more are not closer by much. */
const MOST = 1000

/**
 * For each sample, indices of the most similar samples of other networks, one of each, by the logarithms of
 * their features, which must have the same names; the nearest first.
 */
export function neighborsOf(samples: readonly Sample[]): number[][] {
  const rows = standardized(samples)
  const first = byNetwork(samples).map(([index]) => index)
  const pool = evenly(first, MOST)
  return rows.map((row, index) => {
    const nearest: { other: number; distance: number }[] = []
    for (const other of pool) {
      if (samples[other].id === samples[index].id) continue
      const bound = nearest.length < NEIGHBORS ? Infinity : nearest[NEIGHBORS - 1].distance
      const distance = distanceBelow(bound, row, rows[other])
      if (distance === undefined) continue
      const at = nearest.findIndex((near) => distance < near.distance)
      nearest.splice(at < 0 ? nearest.length : at, 0, { other, distance })
      if (nearest.length > NEIGHBORS) nearest.pop()
    }
    return nearest.map(({ other }) => other)
  })
}

/** Each value less the median of its neighbors' values. */
export function againstNeighbors(
  values: readonly number[],
  neighbors: readonly (readonly number[])[],
): number[] {
  return values.map((value, index) => {
    const near = neighbors[index].map((other) => values[other])
    return near.length ? value - median(near) : 0
  })
}

function standardized(samples: readonly Sample[]): Float64Array[] {
  // A feature that is the same in all adds nothing to a distance.
  const columns = [...columnsOf(samples).values()].filter((values) =>
    values.some((value) => value !== values[0]),
  )
  const rows = samples.map(() => new Float64Array(columns.length))
  columns.forEach((own, column) => {
    const values = own.map((value) => entered(value, 'log'))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    const scale = Math.sqrt(squares / values.length) || 1
    values.forEach((value, row) => (rows[row][column] = (value - mean) / scale))
  })
  return rows
}

/** The squared distance; `undefined` if it is not below the bound. */
function distanceBelow(bound: number, a: Float64Array, b: Float64Array): number | undefined {
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    sum += (a[i] - b[i]) * (a[i] - b[i])
    if (sum >= bound) return undefined
  }
  return sum
}
