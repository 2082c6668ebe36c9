import { heldOutBy } from './cross-validate.js'
import { foldsOf } from './folds.js'
import type { FitOptions, ValidateFold } from './kind.js'
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

/** What threads do for a training. */
export interface FoldWork {
  readonly validateFold: ValidateFold
  readonly fitKind: NonNullable<FitOptions['fitKind']>
}

/** Threads that validate folds and fit kinds. */
export interface FoldThreads extends FoldWork {
  close(): Promise<void>
}

/** Works in this thread. The settings alone determine the results, so that any thread gives the same. */
export function foldWork({ samples, folds: count, ...options }: FoldSettings): FoldWork {
  const folds = foldsOf(samples, count, options.seed)
  return {
    validateFold: (fold, names) => {
      const kinds = Object.fromEntries(names.map((name) => [name, findKind(name)]))
      return heldOutBy(kinds, samples, folds[fold], options)
    },
    fitKind: async (name) => (await findKind(name).fit(samples, options)).toJSON(),
  }
}
