import { ELEMENTWISE_FUNCTIONS, sigmoid, type ElementwiseType } from '@leti/network'
import type { Moments } from './moments.js'

/** What an activation makes of a normal with these moments. */
export function activated(input: Moments, type: ElementwiseType): Moments {
  return through(input, ELEMENTWISE_FUNCTIONS[type].apply)
}

/** What x * sigmoid(x) makes of a normal with these moments. */
export function swish(input: Moments): Moments {
  return through(input, (x) => x * sigmoid(x))
}

const STEP = 1 / 32
const REACH = 6

/** Sums the curve up over the normal's density, to six deviations on both sides. */
function through({ mean, variance }: Moments, curve: (x: number) => number): Moments {
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
