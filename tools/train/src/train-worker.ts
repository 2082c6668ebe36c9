import { serveJobs } from '@leti/pipe'
import { foldWork, type FoldSettings } from '@leti/predictors'

// In a file of its own, which worker threads start with: `threads.ts` names it.
serveJobs((settings: FoldSettings) => {
  const { validateFold, fitKind } = foldWork(settings)
  return (job: TrainJob) => ('fold' in job ? validateFold(job.fold, job.kinds) : fitKind(job.kind))
})

/** The kinds to validate on a fold, or a kind to fit to all samples. */
export type TrainJob =
  { readonly fold: number; readonly kinds: readonly string[] } | { readonly kind: string }
