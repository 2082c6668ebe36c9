/** Points of a Gaussian process: standardised columns in groups, each with a relevance of its own. */
export interface Points {
  /** Rows after one another. */
  readonly rows: Float64Array
  readonly width: number
  readonly count: number
}

/**
 * Squared distances between all pairs of points, each column divided by its length: what an ARD kernel
 * is a function of.
 *
 * @param inverse the squared inverse length of each column; 0 where it does not matter
 */
export function squaredDistances(points: Points, inverse: Float64Array): Float64Array {
  const { rows, width, count } = points
  const used = [...inverse.keys()].filter((column) => inverse[column] > 0)
  const distances = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0
      for (const column of used) {
        const difference = rows[i * width + column] - rows[j * width + column]
        sum += inverse[column] * difference * difference
      }
      distances[i * count + j] = sum
      distances[j * count + i] = sum
    }
  }
  return distances
}

/**
 * The ARD covariance of a squared distance (Matern 3/2); the signal's variance is 1. It is rougher than
 * the squared exponential: runtimes have thresholds, where latency jumps.
 */
export function covariance(squaredDistance: number): number {
  const distance = Math.sqrt(3 * squaredDistance)
  return (1 + distance) * Math.exp(-distance)
}

/** How fast the covariance falls: minus twice its derivative by the squared distance. */
export function steepness(squaredDistance: number): number {
  return 3 * Math.exp(-Math.sqrt(3 * squaredDistance))
}
