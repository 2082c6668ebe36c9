import type { Moments } from './moments.js'

/** The integration step and half-width, in standard deviations. */
const STEP = 1 / 32
const REACH = 6

/** Moments of `curve(x)` for a normal `x` with the moments `input`, by numerical integration. */
export function throughCurve({ mean, variance }: Moments, curve: (x: number) => number): Moments {
  const deviation = Math.sqrt(variance)
  let weight = 0
  let first = 0
  let second = 0
  for (let z = -REACH; z <= REACH; z += STEP) {
    const density = Math.exp((-z * z) / 2)
    const value = curve(mean + deviation * z)
    weight += density
    first += density * value
    second += density * value * value
  }
  return { mean: first / weight, variance: second / weight - (first / weight) ** 2 }
}
