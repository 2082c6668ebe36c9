/** Spearman's rho: Pearson's correlation of the ranks. NaN if all values of `x` or of `y` are equal. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const ranksX = ranksOf(x)
  const ranksY = ranksOf(y)
  // The mean rank is the same with and without ties.
  const mean = (x.length + 1) / 2
  let xy = 0
  let xx = 0
  let yy = 0
  for (let i = 0; i < x.length; i++) {
    const dx = ranksX[i] - mean
    const dy = ranksY[i] - mean
    xy += dx * dy
    xx += dx * dx
    yy += dy * dy
  }
  return xy / Math.sqrt(xx * yy)
}

/** Ranks from 1; equal values get the mean of their ranks. */
function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from(values, (_, index) => index).sort((a, b) => values[a] - values[b])
  const ranks = new Float64Array(values.length)
  for (let start = 0; start < order.length;) {
    let end = start + 1
    while (end < order.length && values[order[end]] === values[order[start]]) end++
    for (let i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2
    start = end
  }
  return ranks
}

/**
 * Kendall's tau-b, which corrects for ties. NaN if all values of `x` or of `y` are equal.
 *
 * O(n log n), by the method of Knight (1966): once the pairs are sorted by x, the discordant pairs are the
 * exchanges of a merge sort by y.
 */
export function kendall(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const byX = Uint32Array.from(x, (_, i) => i).sort((a, b) => x[a] - x[b] || y[a] - y[b])
  const tiedInBoth = tiedPairs(byX, (a, b) => x[a] === x[b] && y[a] === y[b])
  const tiedInX = tiedPairs(byX, (a, b) => x[a] === x[b])
  const { exchanges, order: byY } = mergeSort(byX, y)
  const tiedInY = tiedPairs(byY, (a, b) => y[a] === y[b])
  const pairs = (x.length * (x.length - 1)) / 2
  const difference = pairs - tiedInX - tiedInY + tiedInBoth - 2 * exchanges
  return difference / Math.sqrt((pairs - tiedInX) * (pairs - tiedInY))
}

/** The number of equal pairs in an order in which equal items are adjacent. */
function tiedPairs(order: Uint32Array, equal: (a: number, b: number) => boolean): number {
  let pairs = 0
  let before = 0
  for (let i = 1; i < order.length; i++) {
    before = equal(order[i - 1], order[i]) ? before + 1 : 0
    pairs += before
  }
  return pairs
}

/** Sorts indices by their value, and counts the pairs that were in the wrong order. */
function mergeSort(indices: Uint32Array, values: ArrayLike<number>) {
  let from = Uint32Array.from(indices)
  let to = new Uint32Array(indices.length)
  let exchanges = 0
  for (let width = 1; width < from.length; width *= 2) {
    for (let start = 0; start < from.length; start += 2 * width) {
      const middle = Math.min(start + width, from.length)
      const end = Math.min(start + 2 * width, from.length)
      let left = start
      let right = middle
      for (let i = start; i < end; i++) {
        const takeRight =
          left === middle || (right < end && values[from[right]] < values[from[left]])
        if (takeRight) exchanges += middle - left
        to[i] = from[takeRight ? right++ : left++]
      }
    }
    ;[from, to] = [to, from]
  }
  return { exchanges, order: from }
}
