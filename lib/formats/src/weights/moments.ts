/** Mean and variance of the elements of a tensor. */
export interface Moments {
  readonly mean: number
  readonly variance: number
}

/** The mean of the squares. */
export function secondMoment({ mean, variance }: Moments): number {
  return mean * mean + variance
}

/** Moments of the product of two independent factors. */
export function productMoments([a, b]: readonly Moments[]): Moments {
  const mean = a.mean * b.mean
  return { mean, variance: secondMoment(a) * secondMoment(b) - mean * mean }
}

/** Moments of a sum of independent terms. */
export function sumMoments(terms: readonly Moments[]): Moments {
  return {
    mean: terms.reduce((sum, { mean }) => sum + mean, 0),
    variance: terms.reduce((sum, { variance }) => sum + variance, 0),
  }
}

/**
 * Moments of the elements of several parts together.
 *
 * @param sizes elements of each part
 */
export function mixtureMoments(parts: readonly Moments[], sizes: readonly number[]): Moments {
  const total = sizes.reduce((sum, size) => sum + size, 0)
  let mean = 0
  let second = 0
  parts.forEach((part, index) => {
    const share = sizes[index] / total
    mean += share * part.mean
    second += share * secondMoment(part)
  })
  return { mean, variance: second - mean * mean }
}
