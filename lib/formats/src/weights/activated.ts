import type { Activation } from '@leti/network'
import type { Moments } from './moments.js'

type Curve = (x: number) => number

const sigmoid: Curve = (x) => 1 / (1 + Math.exp(-x))
const clipped = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high)

const CURVES: Readonly<Record<Exclude<Activation['type'], 'rsqrt'>, Curve>> = {
  relu: (x) => Math.max(x, 0),
  relu6: (x) => clipped(x, 0, 6),
  relu_n1_to_1: (x) => clipped(x, -1, 1),
  elu: (x) => (x < 0 ? Math.expm1(x) : x),
  hard_swish: (x) => (x * clipped(x + 3, 0, 6)) / 6,
  // Off by less than 0.02: near enough for moments.
  gelu: (x) => x * sigmoid(1.702 * x),
  sigmoid,
  tanh: Math.tanh,
}

/** What an activation makes of a normal with these moments. */
export function activated(input: Moments, type: keyof typeof CURVES): Moments {
  return through(input, CURVES[type])
}

/** What x * sigmoid(x) makes of a normal with these moments. */
export function swish(input: Moments): Moments {
  return through(input, (x) => x * sigmoid(x))
}

const STEP = 1 / 32
const REACH = 6

/** Sums the curve up over the normal's density, to six deviations on both sides. */
function through({ mean, variance }: Moments, curve: Curve): Moments {
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
