/** The inputs of a Gaussian process: rows of standardized columns. */
export interface Points {
  /** Row-major, `count` x `width`. */
  readonly rows: Float64Array
  readonly width: number
  readonly count: number
}

/**
 * Squared distances between all pairs of points, with each column divided by its length scale (automatic
 * relevance determination).
 *
 * @param inverse the squared inverse length scale of each column; 0 ignores the column
 * @returns a `count` x `count` matrix
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
 * The Matern 3/2 covariance of a squared distance, with a signal variance of 1. It is rougher than the
 * squared exponential, since latency jumps at thresholds of the runtime.
 */
export function covariance(squaredDistance: number): number {
  const distance = Math.sqrt(3 * squaredDistance)
  return (1 + distance) * Math.exp(-distance)
}

/** Minus twice the derivative of the covariance by the squared distance. */
export function steepness(squaredDistance: number): number {
  return 3 * Math.exp(-Math.sqrt(3 * squaredDistance))
}
