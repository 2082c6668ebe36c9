import { WorkerPool } from '@leti/pipe'
import type { FoldSettings, FoldThreads, ValidateFold } from '@leti/predictors'
import type { FoldJob } from './train-worker.js'

type FoldResult = Awaited<ReturnType<ValidateFold>>

/** Starts threads that validate folds, no more than there are folds. */
export function startThreads(settings: FoldSettings, jobs: number): FoldThreads {
  const module = new URL('./train-worker.js', import.meta.url)
  const pool = new WorkerPool<FoldJob, FoldResult>(module, settings, Math.min(jobs, settings.folds))
  return {
    validateFold: (fold, kinds) => pool.run({ fold, kinds }),
    close: () => pool.close(),
  }
}
