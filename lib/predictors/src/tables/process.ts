import { cholesky, inverseOf, median, solveFactored, type Matrix } from '../linear-algebra.js'
import { robustScale } from '../robust.js'
import { covariance, noise } from './covariance.js'
import type { Profile } from './profile.js'

/** Errors are clipped to this many standard deviations (Huber). */
const BOUND = 2

/** Least standard deviation of the errors. */
const LEAST = 0.01

const ROUNDS = 8

/** The prediction of one network on a run that was left out. */
export interface LeftOut {
  /** Measured minus predicted log latency; NaN if it was not measured. */
  readonly error: number
  /** Standard deviation of the process. */
  readonly deviation: number
}

/** The process, conditioned on one network's values on all runs. */
export interface Conditioned {
  /** The median value. */
  readonly typical: number
  /** Weights of the covariances with a new run. */
  readonly alpha: Float64Array
  /** Values minus the typical one; NaN if not measured. */
  readonly observed: Float64Array
  /** The same with gaps filled and outliers clipped. */
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
   * Conditions the process on one network. Published tables contain wrong values: values far from their
   * prediction are moved towards it (pseudo-values: Huber, "Robust Statistics", 1981, 7.8).
   *
   * @param values log latency minus the speed of each run; NaN if not measured
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

  /** Predicts a network on each run of a group, without all runs of the group. */
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

  /** The covariances of a new run with all runs, and its standard deviation. */
  at(profile: Profile): { covariances: Float64Array; deviation: number } {
    const covariances = Float64Array.from(this.profiles, (other) => covariance(profile, other))
    const explained = dot(covariances, this.times(covariances))
    const left = Math.max(0, covariance(profile, profile) - explained)
    return { covariances, deviation: Math.sqrt(left + noise) }
  }

  /** The bound of the errors on each backend. */
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
