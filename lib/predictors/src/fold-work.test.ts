import { expect, test } from 'vitest'
import { crossValidateAll } from './cross-validate.js'
import { foldsOf } from './folds.js'
import { foldValidator, type FoldSettings } from './fold-work.js'
import { findKind } from './kinds/index.js'
import { measuredRecord, synthetic } from './synthetic.fixture.js'
import { trainPredictor } from './train.js'
import { TrainingRecords } from './training-records.js'

const OPTIONS = { latencyScale: 'linear', seed: 3 } as const

/** Works on a copy of the settings, as a thread does. */
function threadsOf(settings: FoldSettings) {
  return foldValidator(structuredClone(settings))
}

test('threads validate the same folds, in any order', async () => {
  const samples = synthetic(40, 0.05)
  const kinds = { flops: findKind('flops'), lut: findKind('lut') }
  const folds = foldsOf(samples, 5, OPTIONS.seed)
  const alone = await crossValidateAll(kinds, samples, folds, OPTIONS)
  const inThread = threadsOf({ samples, folds: 5, ...OPTIONS })
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
  let [folds, closed] = [0, 0]
  const threads = (settings: FoldSettings) => {
    const validate = threadsOf(settings)
    return {
      validateFold: (...job: Parameters<typeof validate>) => (folds++, validate(...job)),
      close: async () => {
        closed++
        await Promise.resolve()
      },
    }
  }
  expect(await trainPredictor(records.training(), { ...options, threads })).toEqual(alone)
  expect([folds, closed]).toEqual([3, 1])
})
