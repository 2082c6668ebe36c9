import type { Format } from '@leti/formats'
import { LetiError } from '@leti/records'
import { describe, expect, test } from 'vitest'
import { HOST } from './host/host.js'
import { MeasuringDevice } from './measuring-device.js'
import type { ModelFiles } from './reference.js'
import { Sparing } from './sparing.js'
import { DeviceGone, type OpenDevice, type Run, type Target } from './target.js'

const OPTIONS = {
  precision: 0.02,
  maxSeconds: 1,
  profile: false,
  requireFullDelegation: false,
  timeout: 0.2,
  verify: false,
  samples: false,
}
const NEVER = new AbortController().signal
const MODEL: ModelFiles = { file: () => Promise.resolve('model') }
const RUN: Run = {
  latency: { samplesMs: [1, 1, 1] },
  loadMs: 1,
  firstRunMs: 2,
  firstOutput: [1],
  lastOutput: [1],
}

const CONFIG = { name: 'mine', target: 'synthetic', runtime: 'tfjs', backend: 'wasm', settings: {} }

/** A synthetic target whose runs are scripted. It counts how often it is opened and closed. */
function syntheticTarget(...runs: (() => Promise<Run>)[]) {
  const calls = { opened: 0, closed: 0 }
  const device: OpenDevice = {
    describe: () => ({ runtime: 'tfjs@1', backend: 'wasm', threads: 1, environment: {} }),
    run: () => (runs.shift() ?? (() => Promise.resolve(RUN)))(),
    close: () => {
      calls.closed++
      return Promise.resolve()
    },
  }
  const target: { -readonly [Name in keyof Target]: Target[Name] } = {
    runtimes: { tfjs: ['wasm'] },
    settings: {},
    machine: () => Promise.resolve('phone 1'),
    open: () => Promise.resolve((calls.opened++, device)),
    state: () => Promise.resolve({ state: 'ready', detail: '' }),
  }
  return { calls, target, measuring: new MeasuringDevice(CONFIG, OPTIONS, target) }
}

test('opens the device once for many records', async () => {
  const { calls, measuring } = syntheticTarget()
  await measuring.open()
  await measuring.measure(MODEL)
  const { measurement } = await measuring.measure(MODEL)
  expect(calls).toEqual({ opened: 1, closed: 0 })
  expect(measurement).toMatchObject({ device: 'mine', verified: false, batch: 1 })
  await measuring.close()
  expect(calls.closed).toBe(1)
})

test('a device whose battery is low waits until it is charged, and says so', async () => {
  const { target } = syntheticTarget()
  const levels = [80, 20, 25, 40]
  const { open } = target
  target.open = async (...args) => ({
    ...(await open(...args)),
    batteryPercent: () => Promise.resolve(levels.shift()),
  })
  const config = { ...CONFIG, settings: { charge: { min: 30, until: 40 } } }
  const said: string[] = []
  const measuring = new MeasuringDevice(
    config,
    { ...OPTIONS, say: (text) => said.push(text) },
    target,
    new Sparing(config.settings, 1),
  )
  await measuring.open()
  await measuring.measure(MODEL)
  expect(levels).toEqual([])
  expect(said).toEqual(['mine: its battery is at 20%: it goes on at 40%'])
  await measuring.close()
})

test('a limit on the charge of a device that does not tell it is wrong usage', async () => {
  const { target } = syntheticTarget()
  const config = { ...CONFIG, settings: { charge: { min: 30, until: 40 } } }
  const measuring = new MeasuringDevice(config, OPTIONS, target)
  await expect(measuring.open()).rejects.toMatchObject({ code: 'usage' })
})

test('another protocol is followed without opening the device again', async () => {
  const { calls, measuring } = syntheticTarget()
  await measuring.open()
  expect((await measuring.measure(MODEL)).measurement.samples_ms).toBeUndefined()
  measuring.follow({ ...OPTIONS, samples: true })
  expect((await measuring.measure(MODEL)).measurement.samples_ms).toEqual([1, 1, 1])
  expect(calls).toEqual({ opened: 1, closed: 0 })
})

test.each([
  ['a crash', () => Promise.reject(new LetiError('device-crashed', 'it died')), 'device-crashed'],
  ['a hang', () => new Promise<Run>(() => undefined), 'timeout'],
  ['another error', () => Promise.reject(new Error('what?')), 'device-crashed'],
])('%s costs one record; the device is opened again for the next', async (_name, run, code) => {
  const { calls, measuring } = syntheticTarget(run)
  await expect(measuring.measure(MODEL)).rejects.toMatchObject({ code })
  expect(calls).toEqual({ opened: 1, closed: 1 })
  await measuring.measure(MODEL)
  expect(calls.opened).toBe(2)
})

test('a device that opens too late is closed before it is opened again', async () => {
  const events: string[] = []
  let openings = 0
  const device = (name: string): OpenDevice => ({
    describe: () => ({ runtime: 'tfjs@1', backend: 'wasm', threads: 1, environment: {} }),
    run: () => Promise.resolve(RUN),
    close: () => {
      events.push(`${name} closed`)
      return Promise.resolve()
    },
  })
  const target: Target = {
    runtimes: { tfjs: ['wasm'] },
    settings: {},
    machine: () => Promise.resolve('phone 1'),
    open: (_config, { signal }) => {
      const name = `opening ${++openings}`
      events.push(name)
      if (openings > 1) return Promise.resolve(device(name))
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(device(name)))
      })
    },
    state: () => Promise.resolve({ state: 'ready', detail: '' }),
  }
  const measuring = new MeasuringDevice(CONFIG, OPTIONS, target)
  await expect(measuring.open()).rejects.toMatchObject({ code: 'timeout' })
  await measuring.measure(MODEL)
  expect(events).toEqual(['opening 1', 'opening 1 closed', 'opening 2'])
})

test('a device is opened on the machine that was found at first, also after it was lost', async () => {
  const machines: (string | undefined)[] = []
  let found = 0
  let runs = 0
  const target: Target = {
    runtimes: { tfjs: ['wasm'] },
    settings: {},
    machine: () => Promise.resolve(`phone ${++found}`),
    open: (_config, { machine }) => {
      machines.push(machine)
      return Promise.resolve({
        describe: () => ({ runtime: 'tfjs@1', backend: 'wasm', threads: 1, environment: {} }),
        run: () =>
          ++runs === 1
            ? Promise.reject(new LetiError('device-lost', 'unplugged'))
            : Promise.resolve(RUN),
        close: () => Promise.resolve(),
      })
    },
    state: () => Promise.resolve({ state: 'ready', detail: '' }),
  }
  const measuring = new MeasuringDevice(CONFIG, OPTIONS, target)
  await measuring.open()
  await expect(measuring.measure(MODEL)).rejects.toMatchObject({ code: 'device-lost' })
  await measuring.measure(MODEL)
  expect(machines).toEqual(['phone 1', 'phone 1'])
})

describe('a device that a person brings', () => {
  const lost = () => Promise.reject(new LetiError('device-lost', 'the page was closed'))

  test('measures a network again when it comes back', async () => {
    const { calls, measuring, target } = syntheticTarget(lost, lost)
    target.wait = () => 10
    await measuring.open()
    await measuring.measure(MODEL)
    expect(calls.opened).toBe(3)
    expect(measuring).toMatchObject({ measured: 1, gone: undefined })
  })

  test('is not asked for again by a network that takes it away each time', async () => {
    const { measuring, target } = syntheticTarget(lost, lost, lost)
    target.wait = () => 10
    await expect(measuring.measure(MODEL)).rejects.toMatchObject({ code: 'device-lost' })
    expect(measuring.gone).toBeUndefined()
    await measuring.measure(MODEL)
  })

  test('is gone if it does not come back', async () => {
    const { measuring, target } = syntheticTarget(lost)
    target.wait = () => 10
    await measuring.open()
    target.open = () => Promise.reject(new DeviceGone('nobody came'))
    await expect(measuring.measure(MODEL)).rejects.toThrow('nobody came')
    expect(measuring.gone?.message).toBe('nobody came')
  })

  test('may take longer than --timeout', async () => {
    const { measuring, target } = syntheticTarget()
    const { open } = target
    target.wait = () => 10
    target.open = async (config, context) => {
      await new Promise((resolve) => setTimeout(resolve, 400))
      return open(config, context)
    }
    await measuring.open()
    await measuring.measure(MODEL)
  })
})

test('the making of a model counts as part of the time, and is stopped', async () => {
  const { calls, measuring } = syntheticTarget()
  await measuring.open()
  let stopped: unknown
  const endless: ModelFiles = {
    file: (_format, stop) =>
      new Promise(() => stop.addEventListener('abort', () => void (stopped = stop.reason))),
  }
  const late = { code: 'timeout', message: 'its model was not made in 0.2 s (--timeout)' }
  await expect(measuring.measure(endless)).rejects.toMatchObject(late)
  expect(stopped).toMatchObject(late)
  // The device is not to blame.
  await measuring.measure(MODEL)
  expect(calls).toEqual({ opened: 1, closed: 0 })
})

test('making and measuring share the time', async () => {
  const slowly = <T>(result: T): Promise<T> =>
    new Promise((resolve) => setTimeout(() => resolve(result), 150))
  const { measuring } = syntheticTarget(() => slowly(RUN))
  await measuring.open()
  await expect(measuring.measure({ file: () => slowly('model') })).rejects.toMatchObject({
    code: 'timeout',
  })
})

test('a measurement says how long was sampled', async () => {
  const statistics = { median: 2, mean: 3, std: 1, min: 1, count: 5 }
  const { measuring } = syntheticTarget(
    () => Promise.resolve({ ...RUN, latency: { samplesMs: [1, 2, 4] } }),
    () => Promise.resolve({ ...RUN, latency: { statistics } }),
  )
  await measuring.open()
  expect((await measuring.measure(MODEL)).measurement.sampled_ms).toBe(7)
  expect((await measuring.measure(MODEL)).measurement.sampled_ms).toBe(15)
})

test('a reference that is too slow costs one record', async () => {
  const { target } = syntheticTarget()
  const measuring = new MeasuringDevice(CONFIG, { ...OPTIONS, verify: true }, target)
  await measuring.open()
  // Both implementations that could compute the reference wait for their files.
  const endless: ModelFiles = {
    file: (format) =>
      format === 'tfjs' ? MODEL.file(format, NEVER) : new Promise(() => undefined),
  }
  await expect(measuring.measure(endless)).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('no CPU reference') as string,
  })
  await measuring.close()
})

describe('on this computer', () => {
  /** A device that is a part of it, and models whose reference never comes. */
  async function onHost(made: () => Promise<string>) {
    const { calls, target } = syntheticTarget(() => Promise.reject(new Error('it was run')))
    target.machine = () => Promise.resolve(HOST)
    const measuring = new MeasuringDevice(CONFIG, { ...OPTIONS, verify: true }, target)
    await measuring.open()
    const asked: Format[] = []
    let stopped = false
    const file: ModelFiles['file'] = (format, stop) => {
      asked.push(format)
      if (format === 'tfjs') return made()
      return new Promise((_resolve, reject) =>
        stop.addEventListener('abort', () => reject(((stopped = true), stop.reason as Error))),
      )
    }
    const measured = await measuring.measure({ file }).catch((error: unknown) => error)
    await measuring.close()
    return { measured, asked, stopped, calls }
  }

  test('the reference is computed beside the making of the model, and before it runs', async () => {
    const { measured, asked, calls } = await onHost(() => Promise.resolve('model'))
    expect(measured).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('no CPU reference') as string,
    })
    expect(asked).toEqual(['tflite', 'tfjs'])
    // The device is not to blame.
    expect(calls).toEqual({ opened: 1, closed: 1 })
  })

  test('a model that cannot be made ends its reference', async () => {
    const unsupported = new LetiError('unsupported', 'no such operator')
    const { measured, stopped } = await onHost(() => Promise.reject(unsupported))
    expect(measured).toBe(unsupported)
    expect(stopped).toBe(true)
  })
})
