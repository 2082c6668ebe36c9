import { heldOutBy } from './cross-validate.js'
import { foldsOf } from './folds.js'
import type { ValidateFold } from './kind.js'
import { findKind } from './kinds/index.js'
import type { LatencyScale } from './model.js'
import type { Sample } from './sample.js'

/** All that the folds of a cross-validation depend on, in a form that can be sent to a worker thread. */
export interface FoldSettings {
  readonly samples: readonly Sample[]
  /** Number of folds. */
  readonly folds: number
  readonly seed: number
  readonly latencyScale: LatencyScale
}

/** Threads that validate folds. */
export interface FoldThreads {
  readonly validateFold: ValidateFold
  close(): Promise<void>
}

/** Validates folds in this thread. The settings alone determine the results, so that any thread gives the same. */
export function foldValidator({ samples, folds: count, ...options }: FoldSettings): ValidateFold {
  const folds = foldsOf(samples, count, options.seed)
  return (fold, names) => {
    const kinds = Object.fromEntries(names.map((name) => [name, findKind(name)]))
    return heldOutBy(kinds, samples, folds[fold], options)
  }
}
