import {
  Judge,
  MeasuringDevice,
  ModelMaker,
  RecordModel,
  TARGETS,
  type Measured,
  type OpenDevice,
} from '@leti/devices'
import { expect, test, vi } from 'vitest'
import type { JobProtocol } from '../job.js'
import { ModelFolder } from '../models.js'
import { ConfiguredDevice } from './device.js'

const PROTOCOL: JobProtocol = {
  precision: 0.02,
  max_seconds: 1,
  timeout: 10,
  verify: false,
  samples: false,
  full_delegation: false,
}

test('a job with another protocol does not close the device: a browser stays paired', async () => {
  const close = vi.fn(() => Promise.resolve())
  const opened: OpenDevice = {
    describe: () => ({ runtime: 'tfjs@1', backend: 'wasm', threads: 1, environment: {} }),
    run: () => Promise.reject(new Error('it is not run here')),
    close,
  }
  // Nothing is made or run.
  vi.spyOn(MeasuringDevice.prototype, 'measure').mockResolvedValue({
    measurement: {},
    precise: true,
    cool: true,
  } as Measured)
  vi.spyOn(RecordModel.prototype, 'describe').mockResolvedValue(undefined)
  vi.spyOn(Judge.prototype, 'check').mockResolvedValue(undefined)
  const open = vi.spyOn(TARGETS.web, 'open').mockResolvedValue(opened)
  const config = { name: 'web', target: 'web', runtime: 'tfjs', backend: 'wasm', settings: {} }
  const onHost = <T>(work: () => Promise<T>): Promise<T> => work()
  const maker = new ModelMaker()
  const judge = new Judge(maker, onHost)
  const device = new ConfiguredDevice(config, { maker, judge, onHost, models: new ModelFolder() })
  for (const precision of [0.02, 0.1, 0.02]) {
    expect(await device.problem(false)).toBeUndefined()
    const record = { id: 'a', arch: { space: 'nb201' } }
    await device.measure({ record, protocol: { ...PROTOCOL, precision }, visit: 1 })
  }
  expect(open).toHaveBeenCalledTimes(1)
  expect(close).not.toHaveBeenCalled()
  await device.close()
  expect(close).toHaveBeenCalledTimes(1)
  vi.restoreAllMocks()
})
