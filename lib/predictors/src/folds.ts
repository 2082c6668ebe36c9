import type { Sample } from './sample.js'
import { shuffledNetworks } from './random.js'

/** One fold of a cross-validation. */
export interface Fold {
  readonly training: Sample[]
  /** Indices of the samples that are not in `training`. */
  readonly heldOut: number[]
}

/** Up to so many networks, a cross-validation has so many folds; of still more, the last number. */
const USUAL = [
  { networks: 1000, folds: 10 },
  { networks: 5000, folds: 5 },
]
const FEWEST = 3

/**
 * The folds of a cross-validation. Its error is the mean over all networks, however many folds there are: its standard
 * error does not depend on them. Folds decide how many networks each fit misses, and thousands hardly miss a third.
 */
export function usualFolds(networks: number): number {
  return USUAL.find((usual) => networks <= usual.networks)?.folds ?? FEWEST
}

/**
 * Assigns samples to folds at random. All samples of one network are in the same fold, so that no model is
 * tested on a network that it was trained on.
 *
 * @param count number of folds; at most one per network is used
 */
export function foldsOf(samples: readonly Sample[], count: number, seed: number): Fold[] {
  const numbers = foldNumbers(samples, count, seed)
  const used = Math.max(...numbers) + 1
  const folds = Array.from({ length: used }, (): Fold => ({ training: [], heldOut: [] }))
  samples.forEach((sample, index) => {
    folds.forEach((fold, number) => {
      if (number === numbers[index]) fold.heldOut.push(index)
      else fold.training.push(sample)
    })
  })
  return folds
}

/** For each sample, the index of the fold that holds it out. */
function foldNumbers(samples: readonly Sample[], count: number, seed: number): number[] {
  const networks = shuffledNetworks(samples, seed)
  const used = Math.min(count, networks.length)
  const numbers = samples.map(() => 0)
  networks.forEach((indices, place) => {
    for (const index of indices) numbers[index] = place % used
  })
  return numbers
}
