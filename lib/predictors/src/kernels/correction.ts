import type { Schema, Static } from '@leti/records'
import { covariance } from '../gp/covariance.js'
import { leaveOneOut, posterior } from '../gp/process.js'
import { median } from '../linear-algebra.js'
import { robustScale } from '../robust.js'

export const CORRECTION = {
  type: 'object',
  description:
    "A Gaussian process on the sizes of a group's kernels that corrects their sums of cost terms. " +
    'Absent if it does not lower the error.',
  required: ['length', 'signal', 'bound', 'points', 'alpha'],
  properties: {
    length: { type: 'number', description: 'Length scale, in natural logarithms of sizes.' },
    signal: { type: 'number', description: 'Standard deviation of the log residuals.' },
    bound: {
      type: 'number',
      description: 'The largest log residual; corrections are limited to it.',
    },
    points: {
      type: 'array',
      items: { type: 'array', items: { type: 'number' } },
      description: 'Coordinates of the measured kernels, all of the same length.',
    },
    alpha: {
      type: 'array',
      items: { type: 'number' },
      description: "Weight of each point's covariance.",
    },
  },
} as const satisfies Schema

/** A Gaussian process on the sizes of a group's kernels that corrects their sums of cost terms. */
export type Correction = Static<typeof CORRECTION>

/** A measured kernel: its coordinates, and the logarithm of measured over predicted. */
export interface Residual {
  readonly at: number[]
  readonly value: number
}

/** Least kernels for a correction. */
const MIN_KERNELS = 8
const LENGTHS = [0.7, 1.4, 2.8, 5.6]
const NOISES = [0.03, 0.1, 0.3, 1]

/**
 * Chooses the length scale and the noise by leave-one-out errors. There is no correction if none lowers
 * them.
 *
 * @returns the correction, and the leave-one-out log error of each kernel
 */
export function fitCorrection(residuals: readonly Residual[]) {
  const values = Float64Array.from(residuals, ({ value }) => value)
  const plain = { correction: undefined, errors: values }
  const signal = robustScale(values)
  if (residuals.length < MIN_KERNELS || !(signal > 0)) return plain
  const bound = Math.max(...values.map(Math.abs))
  const observed = values.map((value) => value / signal)
  const points = residuals.map(({ at }) => at)
  let best: { loss: number; correction: Correction | undefined; errors: Float64Array } = {
    ...plain,
    loss: lossOf(values),
  }
  for (const length of LENGTHS) {
    const distances = distancesOf(points, length)
    for (const noise of NOISES) {
      const { alpha, noises } = posterior(distances, observed, noise)
      const errors = leaveOneOut(distances, observed, noises).map((error) => signal * error)
      const loss = lossOf(errors)
      if (loss >= best.loss) continue
      best = { loss, correction: { length, signal, bound, points, alpha: [...alpha] }, errors }
    }
  }
  return best
}

/** The logarithm of the correction factor at some coordinates; 0 far from all measured kernels. */
export function correctionAt(correction: Correction, at: readonly number[]): number {
  const { points, alpha, length, signal, bound } = correction
  let sum = 0
  points.forEach((point, i) => (sum += alpha[i] * covariance(squared(point, at) / length ** 2)))
  return Math.min(Math.max(signal * sum, -bound), bound)
}

/** How far some coordinates are from the nearest measured kernel: 0 at one, 1 far from all. */
export function novelty({ points, length }: Correction, at: readonly number[]): number {
  const nearest = Math.min(...points.map((point) => squared(point, at)))
  return 1 - covariance(nearest / length ** 2)
}

/** The sum of absolute errors, capped for outliers. */
function lossOf(errors: Float64Array): number {
  const sizes = errors.map(Math.abs)
  const cap = 5 * median(sizes)
  return sizes.reduce((sum, size) => sum + Math.min(size, cap), 0)
}

function distancesOf(points: readonly (readonly number[])[], length: number): Float64Array {
  const count = points.length
  const distances = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const distance = squared(points[i], points[j]) / length ** 2
      distances[i * count + j] = distance
      distances[j * count + i] = distance
    }
  }
  return distances
}

function squared(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2
  return sum
}
