import type { Profile } from './profile.js'

/**
 * Variances of the components of a network's log latency relative to the run's speed: common to all runs,
 * common to a backend, linear in the profile's shape (over all runs, and per backend), linear in the speed,
 * shared by similar runs, and noise.
 */
const COMMON = 1
const BACKEND = 0.1
const SHAPE = 0.5
const SPEED = 0.01
const SIMILAR = 0.2
const NOISE = 0.01

/** Length scales of similarity by shape, speed and threads, all logarithms. */
const SHAPE_LENGTH = 1
const SPEED_LENGTH = 6
const THREADS_LENGTH = 3

/** Similarity of runs on different backends, relative to the same backend. */
const ACROSS = 0.3

/** The shape counts as that of this many networks, however many were measured. */
const NETWORKS = 5

/**
 * The prior covariance of one network's log latency on two runs: linear in the profile, plus an exponential
 * covariance (Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, 4.2.1) for what
 * similar runs share.
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

/** Variance of the noise. */
export const noise = NOISE
