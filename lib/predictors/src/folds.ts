import type { Sample } from './sample.js'
import { shuffled } from './random.js'

/** One part of a cross-validation: what to fit to, and the indices of what to judge by. */
export interface Fold {
  readonly training: Sample[]
  readonly heldOut: number[]
}

/**
 * Deals the samples into folds at random. A network that was measured twice is held out as a whole:
 * else the fit would be judged by a network that it has seen.
 *
 * @param count how many folds; no more than there are networks
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

/** The number of the fold that each sample is held out of. */
export function foldNumbers(samples: readonly Sample[], count: number, seed: number): number[] {
  const ids = shuffled([...new Set(samples.map((sample) => sample.id))], seed)
  const used = Math.min(count, ids.length)
  const foldOf = new Map(ids.map((id, index) => [id, index % used]))
  return samples.map(({ id }) => foldOf.get(id) as number)
}
