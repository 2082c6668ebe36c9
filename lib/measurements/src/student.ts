/** Natural logarithm of the gamma function: Stirling's series, after the recurrence has raised `x` above 8. */
function logGamma(x: number): number {
  let shift = 0
  let z = x
  while (z < 8) shift += Math.log(z++)
  const series = 1 / (12 * z) - 1 / (360 * z ** 3) + 1 / (1260 * z ** 5) - 1 / (1680 * z ** 7)
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift
}

/** The regularized incomplete beta function, by its continued fraction (DLMF 8.17.22). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1
  // The fraction converges fast below the mean only.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const log = logGamma(a + b) - logGamma(a) - logGamma(b)
  const front = Math.exp(log + a * Math.log(x) + b * Math.log1p(-x)) / a
  let value = 0
  for (let m = 100; m > 0; m--) {
    const odd = (-(a + m - 1) * (a + b + m - 1) * x) / ((a + 2 * m - 2) * (a + 2 * m - 1))
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    value = odd / (1 + even / (1 + value))
  }
  return front / (1 + value)
}

/** The probability that |t| of Student's distribution is at least `t`. */
export function studentTail(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5)
}

/** The bound that |t| of Student's distribution exceeds with probability `tail`. */
export function studentBound(tail: number, freedom: number): number {
  let low = 0
  let high = 1
  while (studentTail(high, freedom) > tail) high *= 2
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (studentTail(middle, freedom) > tail) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Logarithm of the density of Student's distribution. */
export function logStudentDensity(t: number, freedom: number): number {
  const half = freedom / 2
  const norm = logGamma(half + 0.5) - logGamma(half) - 0.5 * Math.log(freedom * Math.PI)
  return norm - (half + 0.5) * Math.log1p((t * t) / freedom)
}
