/** The inputs of a Gaussian process: rows of standardized columns. */
export interface Points {
  /** Row-major, `count` x `width`. */
  readonly rows: Float64Array
  readonly width: number
  readonly count: number
}

/** The points with some of their columns only. */
export function withColumns({ rows, width, count }: Points, columns: readonly number[]): Points {
  const kept = new Float64Array(count * columns.length)
  for (let row = 0, to = 0; row < count; row++) {
    for (const column of columns) kept[to++] = rows[row * width + column]
  }
  return { rows: kept, width: columns.length, count }
}

/**
 * Squared distances between all pairs of points, with each column divided by its length scale (automatic
 * relevance determination).
 *
 * @param inverse the squared inverse length scale of each column; 0 ignores the column
 * @returns a `count` x `count` matrix
 */
export function squaredDistances(points: Points, inverse: Float64Array): Float64Array {
  const used = [...inverse.keys()].filter((column) => inverse[column] > 0)
  const { rows, width, count } = withColumns(points, used)
  const factors = Float64Array.from(used, (column) => inverse[column])
  const distances = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    const a = i * width
    // Two at a time: the sums do not wait for each other.
    for (let j = 0; j < i; j += 2) {
      const b = j * width
      const c = b + width
      let first = 0
      let second = 0
      for (let column = 0; column < width; column++) {
        const factor = factors[column]
        const value = rows[a + column]
        const near = value - rows[b + column]
        const next = value - rows[c + column]
        first += factor * near * near
        second += factor * next * next
      }
      distances[i * count + j] = first
      distances[j * count + i] = first
      if (j + 1 === i) break
      distances[i * count + j + 1] = second
      distances[(j + 1) * count + i] = second
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
