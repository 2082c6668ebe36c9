import type { Profile } from './profile.js'

/**
 * Variances of the parts of a network's log latency, relative to the speed of the run: what is common
 * to all runs, what is common to a backend, what follows the shape of the profile (on all runs, and on
 * one backend in its own way), what follows the speed, what similar runs share, and the noise.
 */
const COMMON = 1
const BACKEND = 0.1
const SHAPE = 0.5
const SPEED = 0.01
const SIMILAR = 0.2
const NOISE = 0.01

/** Lengths over which similarity is lost: of the shape, the speed and the threads, all logarithms. */
const SHAPE_LENGTH = 1
const SPEED_LENGTH = 6
const THREADS_LENGTH = 3

/** How much runs of different backends tell of each other. */
const ACROSS = 0.3

/** The shape's parts count as those of so many networks, however many were measured. */
const NETWORKS = 5

/**
 * The prior covariance of one network's log latency on two runs: linear in the profile, and beside that
 * the exponential covariance (Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006,
 * 4.2.1), which follows near neighbours and stays rough.
 */
export function covariance(a: Profile, b: Profile): number {
  const same = a.backend === b.backend ? 1 : 0
  let product = 0
  let distance = 0
  for (let i = 0; i < a.shape.length; i++) {
    product += a.shape[i] * b.shape[i]
    distance += (a.shape[i] - b.shape[i]) ** 2
  }
  const share = NETWORKS / a.shape.length
  const apart = Math.sqrt(
    (share * distance) / SHAPE_LENGTH ** 2 +
      ((a.speed - b.speed) / SPEED_LENGTH) ** 2 +
      ((a.threads - b.threads) / THREADS_LENGTH) ** 2,
  )
  return (
    COMMON +
    BACKEND * same +
    SHAPE * (1 + same) * share * product +
    SPEED * a.speed * b.speed +
    SIMILAR * (same || ACROSS) * Math.exp(-apart)
  )
}

/** Variance of what nothing explains. */
export const noise = NOISE
