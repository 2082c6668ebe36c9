/** Points of a Gaussian process: standardised columns in groups, each with a relevance of its own. */
export interface Points {
  /** Rows after one another. */
  readonly rows: Float64Array
  readonly width: number
  readonly count: number
}

/**
 * Squared distances between all pairs of points, each column divided by its length: what an ARD kernel
 * takes the exponential of.
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

/** The ARD squared-exponential covariance of a squared distance; the signal's variance is 1. */
export function covariance(squaredDistance: number): number {
  return Math.exp(-0.5 * squaredDistance)
}
