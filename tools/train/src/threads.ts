import { WorkerPool } from '@leti/pipe'
import type { FoldSettings, FoldThreads, ValidateFold } from '@leti/predictors'
import pLimit from 'p-limit'
import type { TrainJob } from './train-worker.js'

/** Threads for each fold, at most: it is validated in two parts. */
const PER_FOLD = 2

/** Starts threads that validate folds and fit kinds. A thread takes the next job when it has done its last. */
export function startThreads(settings: FoldSettings, jobs: number): FoldThreads {
  const module = new URL('./train-worker.js', import.meta.url)
  const count = Math.min(jobs, PER_FOLD * settings.folds)
  const pool = new WorkerPool<TrainJob, object>(module, settings, count)
  const limit = pLimit(count)
  return {
    validateFold: async (fold, kinds) => {
      const found = await limit(() => pool.run({ fold, kinds }))
      return found as Awaited<ReturnType<ValidateFold>>
    },
    fitKind: (kind) => limit(() => pool.run({ kind })),
    close: () => pool.close(),
  }
}
