import { serveJobs } from '@leti/pipe'
import { foldValidator, type FoldSettings } from '@leti/predictors'

// In a file of its own, which worker threads start with: `threads.ts` names it.
serveJobs((settings: FoldSettings) => {
  const validateFold = foldValidator(settings)
  return ({ fold, kinds }: FoldJob) => validateFold(fold, kinds)
})

/** The kinds to validate on a fold. */
export interface FoldJob {
  readonly fold: number
  readonly kinds: readonly string[]
}
