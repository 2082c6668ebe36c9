import { Judge, KeptModels, MeasuringDevice, type ModelMaker, type Target } from '@leti/devices'
import type { Io } from '@leti/pipe'
import { asLetiError, type LetiRecord } from '@leti/records'
import { expect, test } from 'vitest'
import { measureAll, type Run } from './measure.js'
import { EarlierOutput } from './resume/earlier.js'

/** A network of one convolution with 116 million MACs. */
function network(id: string): LetiRecord {
  const window = { size: [3, 3], strides: [1, 1], padding: 'same' }
  const conv = { type: 'conv2d', filters: 64, window, bias: true, inputs: [0] }
  const nodes = [{ type: 'input', shape: [56, 56, 64] }, conv]
  return { id, arch: { space: 'kernel', nodes, repeats: 1 } }
}

/** The work of networks of one layer, such as `network` and the yardsticks. */
function workOf({ arch }: LetiRecord) {
  const { nodes, repeats } = arch as unknown as Layer
  const [{ shape }, { filters, units, window }] = nodes
  const [height, width, channels] = shape.length === 1 ? [1, 1, ...shape] : shape
  const parameters = channels * (filters ?? units ?? 0) * (window?.size[0] ?? 1) ** 2 * repeats
  return { macs: height * width * parameters, parameters }
}

interface Layer {
  readonly nodes: readonly [
    { readonly shape: readonly number[] },
    {
      readonly filters?: number
      readonly units?: number
      readonly window?: { readonly size: readonly number[] }
    },
  ]
  readonly repeats: number
}

/** Models are not written: their path is the name of the network, and their MACs are known. */
function unwritten() {
  const macs = new Map<string, number>()
  const maker = {
    write: (record: LetiRecord) => {
      const work = workOf(record)
      macs.set(`/${record.id}`, work.macs)
      return Promise.resolve({ format: 'tfjs', path: `/${record.id}`, ...work })
    },
  } as unknown as ModelMaker
  return { macs, maker }
}

/** A device that runs 10 million MACs in a ms. Of some networks, it reports the time to enqueue them. */
function synthetic(macs: ReadonlyMap<string, number>, enqueued: string): Target {
  return {
    runtimes: { tfjs: ['webgpu'] },
    settings: {},
    machine: () => Promise.resolve('phone 1'),
    state: () => Promise.resolve({ state: 'ready', detail: '' }),
    open: () =>
      Promise.resolve({
        describe: () => ({ runtime: 'tfjs@1', backend: 'webgpu', threads: 1, environment: {} }),
        run: (path) => {
          const latency = path === `/${enqueued}` ? 0.27 : (macs.get(path) ?? NaN) / 1e7
          const samplesMs = Array.from({ length: 20 }, () => latency)
          return Promise.resolve({ latency: { samplesMs }, loadMs: 1, firstRunMs: latency })
        },
        close: () => Promise.resolve(),
      }),
  }
}

async function measured(records: readonly LetiRecord[], enqueued: string): Promise<LetiRecord[]> {
  const written: LetiRecord[] = []
  const io = {
    progress: () => Promise.resolve({ tick: () => undefined, stop: () => undefined }),
    records: async function* () {
      for (const record of records) yield await Promise.resolve({ record, place: 'x', text: '' })
    },
    write: (record: LetiRecord) => Promise.resolve(written.push(record)),
    flush: () => Promise.resolve(),
    warn: () => undefined,
    explain: () => undefined,
    caught: (_place: string, error: unknown) => {
      const { code, message } = asLetiError(error) ?? { code: 'internal', message: String(error) }
      return { tool: 'device-run', code, message }
    },
  } as unknown as Io
  const { macs, maker } = unwritten()
  const config = { name: 'mine', target: 'x', runtime: 'tfjs', backend: 'webgpu', settings: {} }
  const options = { precision: 0.02, maxSeconds: 1, profile: false, requireFullDelegation: false }
  const device = new MeasuringDevice(
    config,
    { ...options, timeout: 10, verify: false, samples: false },
    synthetic(macs, enqueued),
  )
  const onHost: Run['onHost'] = ((work: () => unknown) => work()) as never
  const run: Run = {
    io,
    models: new KeptModels(maker, ['tfjs']),
    onHost,
    stopped: new AbortController().signal,
    devices: [device],
    judge: new Judge(maker, onHost),
    earlier: new EarlierOutput('device-run'),
    visiting: { visits: 1, seed: 0 },
    repetitions: undefined,
    share: false,
  }
  await device.open()
  await measureAll(run, [], new AbortController())
  return written
}

test('a latency that is only the time to enqueue costs its record, the first one too', async () => {
  const records = ['a', 'b', 'c'].map(network)
  for (const enqueued of ['a', 'b']) {
    const written = await measured(records, enqueued)
    for (const { id, error, measurement } of written) {
      if (id === enqueued) expect(error).toMatchObject({ code: 'implausible' })
      else expect(measurement?.latency_ms.median).toBeCloseTo(11.56, 1)
    }
    expect(written.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  }
})
