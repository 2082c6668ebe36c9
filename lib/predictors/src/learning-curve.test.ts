import { expect, test } from 'vitest'
import { learningCurve } from './learning-curve.js'
import { measuredRecord, synthetic } from './synthetic.fixture.js'
import { TrainingRecords } from './training-records.js'

test('a network with two visits counts once, so that none is left to test on', async () => {
  const networks = synthetic(12, 0)
  const records = new TrainingRecords()
  for (const sample of [...networks, ...networks]) {
    records.add(measuredRecord(sample))
  }
  const points = await learningCurve(records.training(), 'linear', [11, 12, 20], 1, 0)
  expect(points.map(({ count }) => count)).toEqual([11])
})
