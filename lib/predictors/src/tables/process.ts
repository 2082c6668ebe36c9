import { cholesky, inverseOf, median, solveFactored, type Matrix } from '../linear-algebra.js'
import { robustScale } from '../robust.js'
import { covariance, noise } from './covariance.js'
import type { Profile } from './profile.js'

/** What lies further off than so many standard deviations is moved to there (Huber). */
const BOUND = 2

/** The least standard deviation that errors are taken for. */
const LEAST = 0.01

const ROUNDS = 8

/** What one network is said to take on runs that were left out, and how sure that is. */
export interface LeftOut {
  /** Measured less predicted, in logarithms; NaN where it was not measured. */
  readonly error: number
  /** Standard deviation by the process. */
  readonly deviation: number
}

/** One network's values on all runs, conditioned on. */
export interface Conditioned {
  readonly typical: number
  /** What the covariances with a new run are multiplied with. */
  readonly alpha: Float64Array
  /** As measured, without what is typical; NaN where it was not. */
  readonly observed: Float64Array
  /** As the process takes them: gaps are filled, what is plainly odd is moved nearer. */
  readonly taken: Float64Array
}

/** A Gaussian process over runs, the same for all networks. */
export class RunProcess {
  private readonly inverse: Matrix
  private readonly size: number
  private readonly backends: readonly (string | undefined)[]

  constructor(private readonly profiles: readonly Profile[]) {
    this.size = profiles.length
    this.backends = [...new Set(profiles.map(({ backend }) => backend))]
    const matrix = new Float64Array(this.size * this.size)
    for (let i = 0; i < this.size; i++) {
      for (let j = 0; j < this.size; j++) {
        matrix[i * this.size + j] = covariance(profiles[i], profiles[j]) + (i === j ? noise : 0)
      }
    }
    this.inverse = inverseOf(cholesky(matrix, this.size), this.size)
  }

  /**
   * Conditions on one network's logarithms less the runs' speeds; NaN where it was not measured.
   * Published tables hold plainly wrong values: those off what the other runs say are taken as nearer
   * to that (pseudo-values: Huber, "Robust Statistics", 1981, 7.8).
   */
  condition(values: Float64Array): Conditioned {
    const typical = median(values.filter((value) => !Number.isNaN(value)))
    const observed = values.map((value) => value - typical)
    const taken = observed.map((value) => (Number.isNaN(value) ? 0 : value))
    for (let round = 0; round < ROUNDS; round++) {
      const alpha = this.times(taken)
      const others = taken.map((value, i) => value - alpha[i] / this.inverse[i * this.size + i])
      const bounds = this.boundsOf(observed, others)
      for (let i = 0; i < this.size; i++) {
        const error = observed[i] - others[i]
        const bound = bounds.get(this.profiles[i].backend) ?? Infinity
        taken[i] = Number.isNaN(error)
          ? others[i]
          : others[i] + Math.min(Math.max(error, -bound), bound)
      }
    }
    return { typical, alpha: this.times(taken), observed, taken }
  }

  /** What a network takes on each of some runs, predicted without all of them. */
  leaveOut({ observed, taken, alpha }: Conditioned, group: readonly number[]): LeftOut[] {
    const size = group.length
    const block = new Float64Array(size * size)
    group.forEach((i, row) => {
      group.forEach((j, column) => (block[row * size + column] = this.inverse[i * this.size + j]))
    })
    const factor = cholesky(block, size)
    const variances = inverseOf(factor, size)
    const moved = solveFactored(
      factor,
      Float64Array.from(group, (i) => alpha[i]),
    )
    return group.map((i, row) => ({
      error: observed[i] - (taken[i] - moved[row]),
      deviation: Math.sqrt(variances[row * size + row]),
    }))
  }

  /** What to multiply `alpha` with for a new run, and the standard deviation there. */
  at(profile: Profile): { covariances: Float64Array; deviation: number } {
    const covariances = Float64Array.from(this.profiles, (other) => covariance(profile, other))
    const explained = dot(covariances, this.times(covariances))
    const left = Math.max(0, covariance(profile, profile) - explained)
    return { covariances, deviation: Math.sqrt(left + noise) }
  }

  /** How far off each backend's runs may be, from how far most are. */
  private boundsOf(observed: Float64Array, others: Float64Array) {
    return new Map(
      this.backends.map((backend) => {
        const errors = observed
          .map((value, i) => value - others[i])
          .filter((error, i) => !Number.isNaN(error) && this.profiles[i].backend === backend)
        return [backend, BOUND * Math.max(LEAST, robustScale(errors))]
      }),
    )
  }

  private times(values: Float64Array): Float64Array {
    const product = new Float64Array(this.size)
    for (let i = 0; i < this.size; i++) {
      let sum = 0
      for (let j = 0; j < this.size; j++) sum += this.inverse[i * this.size + j] * values[j]
      product[i] = sum
    }
    return product
  }
}

export function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0)
}
