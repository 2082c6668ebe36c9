import type { LetiRecord } from '@leti/records'
import { expect, test } from 'vitest'
import { checkBatch } from './batch.js'

const measured = (batch: number): LetiRecord => ({
  id: 'n',
  measurement: { device: 'd', latency_ms: { median: 1 }, batch },
})

test('a network that was measured at another batch is out of domain', () => {
  expect(() => checkBatch({ batch: 1 }, measured(8))).toThrow(
    '"measurement.batch" is 8: the predictor was trained on batch 1 only',
  )
  expect(() => checkBatch({ batch: 8 }, measured(8))).not.toThrow()
})

test('so is one whose architecture or file states another batch', () => {
  const record = { id: 'n', arch: { space: 'file', batch: 8 } }
  expect(() => checkBatch({ batch: 1 }, record)).toThrow('"arch.batch" is 8')
  const file = { id: 'n', model: { format: 'tflite', batch: 8 } } as const
  expect(() => checkBatch({ batch: 1 }, file)).toThrow('"model.batch" is 8')
})

test('a batch that is not stated is not judged', () => {
  expect(() => checkBatch({}, measured(8))).not.toThrow()
  expect(() => checkBatch({ batch: 8 }, { id: 'n' })).not.toThrow()
})
