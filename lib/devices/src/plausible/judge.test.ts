import type { DeviceMeasurement, LetiRecord, Model } from '@leti/records'
import { expect, test } from 'vitest'
import type { MeasuringDevice } from '../measuring-device.js'
import type { ModelMaker } from '../models/maker.js'
import type { ModelFiles } from '../reference.js'
import { Judge } from './judge.js'

const NEVER = new AbortController().signal

/** A device that runs a million MACs in a millisecond, and a maker of models that count their MACs by name. */
function synthetic() {
  const made: string[] = []
  const maker = {
    write: ({ id }: LetiRecord): Promise<Model> => {
      made.push(id)
      return Promise.resolve({ format: 'tfjs', path: 'x', macs: 4e7, parameters: 4e6 })
    },
  } as unknown as ModelMaker
  const device = {
    format: 'tfjs',
    time: async (model: ModelFiles) => (await model.file('tfjs', NEVER), 40),
  } as unknown as MeasuringDevice
  const judge = new Judge(maker, (work) => work())
  const check = (latency: number, more: Partial<Model> = {}, space = 'nb101') => {
    const measurement = { latency_ms: { median: latency } } as DeviceMeasurement
    const model = { format: 'tfjs', macs: 1e9, parameters: 1e6, ...more }
    return judge.check(device, { id: 'a', arch: { space } }, model, measurement)
  }
  return { made, check }
}

test('a network is judged by its executed MACs, against yardsticks of about its size', async () => {
  const { made, check } = synthetic()
  await check(1000)
  expect(made).toContain('yardstick-conv3x3-256-at-32-x2')
  expect(made.some((id) => id.includes('at-56'))).toBe(false)
  await expect(check(100)).rejects.toMatchObject({ code: 'implausible' })
  await check(100, { executed_macs: 9e7 })
})

test('the weights of a file may be sparse, and integers are faster: neither is judged', async () => {
  const { made, check } = synthetic()
  await check(1, {}, 'file')
  await check(1, { weights: 'int8' })
  expect(made).toEqual([])
})
