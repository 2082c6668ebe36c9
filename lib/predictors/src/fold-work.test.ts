import { expect, test } from 'vitest'
import { crossValidateAll } from './cross-validate.js'
import { foldsOf } from './folds.js'
import { foldWork, type FoldSettings } from './fold-work.js'
import { findKind, PREDICTOR_KINDS } from './kinds/index.js'
import { measuredRecord, synthetic } from './synthetic.fixture.js'
import { trainPredictor } from './train.js'
import { TrainingRecords } from './training-records.js'

const OPTIONS = { latencyScale: 'linear', seed: 3 } as const

/** Works on a copy of the settings, as a thread does. */
function threadsOf(settings: FoldSettings) {
  return foldWork(structuredClone(settings))
}

test('threads validate the same folds, in any order', async () => {
  const samples = synthetic(40, 0.05)
  const kinds = { flops: findKind('flops'), lut: findKind('lut') }
  const folds = foldsOf(samples, 5, OPTIONS.seed)
  const alone = await crossValidateAll(kinds, samples, folds, OPTIONS)
  const { validateFold: inThread } = threadsOf({ samples, folds: 5, ...OPTIONS })
  const together = await crossValidateAll(kinds, samples, folds, {
    ...OPTIONS,
    // The later folds answer first.
    validateFold: async (fold, names) => {
      await new Promise((resolve) => setTimeout(resolve, 20 - 5 * fold))
      return inThread(fold, names)
    },
  })
  expect(together).toEqual(alone)
})

test('a predictor does not depend on the threads, which are closed', async () => {
  const records = new TrainingRecords()
  for (const sample of synthetic(300, 0.05)) records.add(measuredRecord(sample))
  const options = { model: 'lut', folds: 3, ...OPTIONS } as const
  const alone = await trainPredictor(records.training(), options)
  let [folds, fits, closed] = [0, 0, 0]
  const threads = (settings: FoldSettings) => {
    const { validateFold, fitKind } = threadsOf(settings)
    return {
      validateFold: (...job: Parameters<typeof validateFold>) => (folds++, validateFold(...job)),
      fitKind: (kind: string) => (fits++, fitKind(kind)),
      close: async () => {
        closed++
        await Promise.resolve()
      },
    }
  }
  expect(await trainPredictor(records.training(), { ...options, threads })).toEqual(alone)
  expect([folds, fits, closed]).toEqual([3, 1, 1])
})

test('auto fits its parts in threads, and tells of each step', async () => {
  const samples = synthetic(40, 0.05)
  const folds = foldsOf(samples, 2, OPTIONS.seed)
  const { auto } = PREDICTOR_KINDS
  const alone = await auto.fitAndValidate?.(samples, folds, OPTIONS)
  let [expected, done] = [0, 0]
  const progress = { expect: (steps: number) => (expected += steps), tick: () => done++ }
  const threads = threadsOf({ samples, folds: 2, ...OPTIONS })
  const together = await auto.fitAndValidate?.(samples, folds, { ...OPTIONS, ...threads, progress })
  expect(together?.fitted.toJSON()).toEqual(alone?.fitted.toJSON())
  expect(together?.validation).toEqual(alone?.validation)
  const parts = together?.tried?.filter(({ weight }) => weight > 0).length ?? 0
  expect([done, done]).toEqual([expected, folds.length + parts])
})
