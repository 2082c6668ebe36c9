import type { Model } from '../model.js'

/**
 * The relative error that is expected at a distance of 1 from the training set, of a kind whose estimates
 * go on rising outside of it. scripts/bench/README.md says how both numbers were chosen.
 */
export const EXTRAPOLATES = 0.5

/** The same of a kind that stays at the level of the nearest training networks, if no sum of costs is known. */
export const SATURATES = 4

interface Part {
  readonly weight: number
  readonly model: Model
}

/** The growth of a model that is made of others: their mean. */
export function growthOf(parts: readonly Part[]): number {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  const sum = parts.reduce(
    (all, { weight, model }) => all + weight * (model.growth ?? EXTRAPOLATES),
    0,
  )
  return total > 0 ? sum / total : EXTRAPOLATES
}
