// The parts of the farm in one process, on a real Redis, with synthetic devices.
import { setTimeout as delay } from 'node:timers/promises'
import { LetiError, type LetiRecord } from '@leti/records'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Collector } from './collect.js'
import { ModelsAway } from './fetched-models.js'
import { openFarm, type Farm } from './farm.js'
import { jobId, type FarmJob, type JobProtocol } from './job.js'
import { KEYS, presenceKey, QUEUES } from './names.js'
import { startProxy, startRedis, type TestRedis } from './redis.fixture.js'
import { farmStatus } from './status.js'
import { Submitter, type Finished } from './submit.js'
import type { Timing } from './timing.js'
import type { FarmDevice } from './work/device.js'
import { work, type WorkOptions } from './work/host.js'

const PROTOCOL: JobProtocol = {
  precision: 0.02,
  max_seconds: 1,
  timeout: 10,
  verify: true,
  samples: false,
  full_delegation: false,
}

const TIMING: Timing = {
  lockMs: 2000,
  stalledMs: 500,
  probeMs: 50,
  freshMs: 0,
  presenceMs: 200,
  watchdogMs: 300,
  answerMs: 500,
}

/** A synthetic device: it measures at once, unless the test changes how. */
class SyntheticDevice implements FarmDevice {
  trouble: string | undefined
  restMs = 0
  readonly measured: string[] = []
  onMeasure: (job: FarmJob) => Promise<void> | void = () => undefined

  constructor(readonly name: string) {}

  problem = () => Promise.resolve(this.trouble)
  machine = () => Promise.resolve(this.name)
  lock = () => Promise.resolve({ release: () => undefined })
  close = () => Promise.resolve()

  async measure(job: FarmJob): Promise<LetiRecord> {
    this.measured.push(job.record.id)
    await this.onMeasure(job)
    return { ...job.record, measurement: { device: this.name, latency_ms: { median: 1 } } }
  }
}

let server: TestRedis
let farm: Farm
let stop: AbortController
let working: Promise<void> | undefined

beforeAll(async () => {
  server = await startRedis('--appendonly', 'yes')
})

afterAll(() => server.stop())

beforeEach(async () => {
  farm = await openFarm(server.url, false)
  await farm.queues.redis.flushall()
  stop = new AbortController()
  working = undefined
})

afterEach(async () => {
  stop.abort()
  await working
  await farm.close()
})

async function submit(
  ids: readonly string[],
  devices: string[],
  finished: Finished = new Set<string>(),
) {
  const { queues, store } = farm
  await queues.declare(devices)
  const options = { devices, protocol: PROTOCOL, visit: 1, finished, signal: stop.signal }
  const submitter = new Submitter(queues, store, options)
  for (const id of ids) await submitter.add({ id, arch: { space: 'nb201' } })
  await submitter.flush()
  return submitter
}

function start(devices: FarmDevice[], more: Partial<WorkOptions> = {}): void {
  working = work(devices, {
    url: server.url,
    isVolatile: false,
    say: () => undefined,
    signal: stop.signal,
    timing: TIMING,
    ...more,
  })
}

/** The id of the job that `submit` makes of a record. */
const idOf = (id: string, device = 'one') =>
  jobId(device, { record: { id, arch: { space: 'nb201' } }, protocol: PROTOCOL, visit: 1 })

/** What `farm status` counts for the only device. */
async function counts() {
  const [{ waiting, active, done, set_aside }] = (await farmStatus(farm.queues)).devices
  return { waiting, active, done, set_aside }
}

/** Collects until everything is there. */
async function collect(): Promise<LetiRecord[]> {
  const options = { follow: false, signal: stop.signal, say: () => undefined }
  const collector = new Collector(farm.queues, farm.store, options)
  const found: LetiRecord[] = []
  await collector.start()
  for await (const batch of collector.batches()) {
    found.push(...batch.map(({ line }) => JSON.parse(line) as LetiRecord))
    await farm.store.remove(batch)
  }
  await collector.end()
  return found
}

const idsOf = (records: readonly LetiRecord[]): string[] => records.map(({ id }) => id).sort()

test('each record is measured on each device, and removed once it is collected', async () => {
  const ids = ['a', 'b', 'c']
  await submit(ids, ['one', 'two:2'])
  start([new SyntheticDevice('one'), new SyntheticDevice('two:2')])
  const found = await collect()
  expect(idsOf(found)).toEqual(['a', 'a', 'b', 'b', 'c', 'c'])
  expect(new Set(found.map(({ measurement }) => measurement?.device))).toEqual(
    new Set(['one', 'two:2']),
  )
  const { devices, uncollected } = await farmStatus(farm.queues)
  expect(uncollected).toBe(0)
  expect(devices).toMatchObject([
    { device: 'one', done: 3, waiting: 0, active: 0, set_aside: 0 },
    { device: 'two:2', done: 3, waiting: 0, active: 0, set_aside: 0 },
  ])
})

test('the visits of a pool are spread over its phones, and each record says which', async () => {
  const { queues, store } = farm
  const pool = { name: 'model', units: ['one', 'two'] }
  await queues.declare(pool.units)
  const rest = { protocol: PROTOCOL, finished: new Set<string>(), signal: stop.signal }
  for (const visit of [1, 2]) {
    const submitter = new Submitter(queues, store, { ...rest, devices: [], pool, visit })
    for (const id of ['a', 'b', 'c']) await submitter.add({ id, arch: { space: 'nb201' } })
    await submitter.flush()
    expect(submitter.submitted).toBe(3)
  }
  const phones = [new SyntheticDevice('one'), new SyntheticDevice('two')]
  start(phones)
  const found = await collect()
  expect(found.map(({ measurement }) => measurement?.device)).toEqual(Array(6).fill('model'))
  for (const { name, measured } of phones) {
    expect(measured.toSorted()).toEqual(['a', 'b', 'c'])
    expect(found.filter(({ measurement }) => measurement?.unit === name)).toHaveLength(3)
  }
})

describe('a record that is submitted again', () => {
  test('is one job while it waits, and while its result is not collected', async () => {
    await submit(['a', 'b'], ['one'])
    expect(await submit(['a', 'b'], ['one'])).toMatchObject({ skipped: 2, submitted: 0 })
    const device = new SyntheticDevice('one')
    start([device])
    await expect.poll(() => farm.queues.redis.scard(KEYS.unread)).toBe(2)
    expect(await submit(['a', 'b'], ['one'])).toMatchObject({ skipped: 2, submitted: 0 })
    expect(idsOf(await collect())).toEqual(['a', 'b'])
    expect(device.measured).toEqual(['a', 'b'])
  })

  test('is skipped if its result was collected', async () => {
    const record = { id: 'a', arch: { space: 'nb201' } }
    const finished = new Set([jobId('one', { record, protocol: PROTOCOL, visit: 1 })])
    expect(await submit(['a', 'b'], ['one'], finished)).toMatchObject({ skipped: 1, submitted: 1 })
  })
})

test('a lost device gives its job back, which is no failure; it goes on when the device is back', async () => {
  const device = new SyntheticDevice('one')
  device.onMeasure = () => {
    if (device.measured.length > 1) return
    device.trouble = 'it is offline'
    throw new LetiError('device-lost', 'unplugged')
  }
  await submit(['a', 'b'], ['one'])
  start([device])
  await expect
    .poll(async () => (await farmStatus(farm.queues)).devices)
    .toMatchObject([
      { waiting: 2, active: 0, hosts: [{ state: 'paused', detail: 'it is offline' }] },
    ])
  device.trouble = undefined
  const found = await collect()
  expect(device.measured).toEqual(['a', 'a', 'b'])
  expect(found.map(({ error }) => error)).toEqual([undefined, undefined])
})

test('while the server of models is away, the job waits, and the network is not blamed', async () => {
  const device = new SyntheticDevice('one')
  device.onMeasure = () => {
    if (device.measured.length < 6) throw new ModelsAway('it does not answer')
  }
  await submit(['a'], ['one'])
  start([device])
  const found = await collect()
  expect(device.measured).toHaveLength(6)
  expect(found.map(({ error }) => error)).toEqual([undefined])
})

test('a network that loses its device each time gets an error, and the others are measured', async () => {
  const device = new SyntheticDevice('one')
  device.onMeasure = ({ record }) => {
    if (record.id === 'a') throw new LetiError('device-lost', 'it rebooted')
  }
  await submit(['a', 'b'], ['one'])
  start([device])
  const found = await collect()
  expect(device.measured).toEqual(['a', 'a', 'a', 'b'])
  expect(found.find(({ id }) => id === 'a')?.error).toMatchObject({ code: 'device-lost' })
  expect(found.find(({ id }) => id === 'b')?.error).toBeUndefined()
})

test('a hot or dead phone is noticed while it has no job, and told of at once', async () => {
  const device = new SyntheticDevice('one')
  start([device], { timing: { ...TIMING, presenceMs: 60_000 } })
  const states = async () => (await farmStatus(farm.queues)).devices.flatMap(({ hosts }) => hosts)
  await expect.poll(states).toMatchObject([{ state: 'ready' }])
  device.trouble = 'it is hot'
  await expect.poll(states).toMatchObject([{ state: 'paused', detail: 'it is hot' }])
  await submit(['a'], ['one'])
  await delay(200)
  expect(device.measured).toEqual([])
  device.trouble = undefined
  await expect.poll(states).toMatchObject([{ state: 'ready', detail: '' }])
  expect(idsOf(await collect())).toEqual(['a'])
})

test('a device rests without a job between two networks, and says so', async () => {
  const device = new SyntheticDevice('one')
  device.onMeasure = () => {
    if (device.measured.length === 1) device.restMs = 50
  }
  await submit(['a', 'b'], ['one'])
  start([device])
  await expect
    .poll(async () => (await farmStatus(farm.queues)).devices)
    .toMatchObject([
      { waiting: 1, active: 0, hosts: [{ state: 'paused', detail: 'it rests for 0.050 s' }] },
    ])
  expect(device.measured).toEqual(['a'])
  device.restMs = 0
  const found = await collect()
  expect(idsOf(found)).toEqual(['a', 'b'])
  expect(device.measured).toEqual(['a', 'b'])
})

test('whatever a network causes is its error', async () => {
  const device = new SyntheticDevice('one')
  device.onMeasure = () => {
    throw new LetiError('model-failed', 'too large')
  }
  await submit(['a'], ['one'])
  start([device])
  const [{ error }] = await collect()
  expect(error).toEqual({ tool: 'farm', code: 'model-failed', message: 'too large' })
})

test('a job in progress is given back when the host stops, and measured by another', async () => {
  const slow = new SyntheticDevice('one')
  let begun = (): void => undefined
  const isBegun = new Promise<void>((resolve) => (begun = resolve))
  let end = (): void => undefined
  slow.onMeasure = () =>
    new Promise<void>((_, reject) => {
      begun()
      end = () => reject(new LetiError('device-crashed', 'closed'))
    })
  slow.close = () => {
    end()
    return Promise.resolve()
  }
  await submit(['a'], ['one'])
  start([slow])
  await isBegun
  stop.abort()
  await working
  stop = new AbortController()
  start([new SyntheticDevice('one')])
  const found = await collect()
  expect(found).toMatchObject([{ id: 'a', measurement: { device: 'one' } }])
})

describe('a result that was appended before its worker died', () => {
  const line = '{"id":"a"}'

  test('is not measured again, also if it was collected meanwhile; its job counts once', async () => {
    await submit(['a', 'b'], ['one'])
    await farm.store.append('one', idOf('a'), line)
    await farm.store.append('one', idOf('a'), line)
    expect(await counts()).toEqual({ waiting: 1, active: 0, done: 1, set_aside: 0 })
    const [entry, ...others] = await farm.store.read('', 10)
    expect(others).toEqual([])
    await farm.store.remove([entry])
    const device = new SyntheticDevice('one')
    start([device])
    expect(idsOf(await collect())).toEqual(['b'])
    expect(device.measured).toEqual(['b'])
    expect(await counts()).toEqual({ waiting: 0, active: 0, done: 2, set_aside: 0 })
  })

  test('comes once if it is so late that another has measured the network', async () => {
    await submit(['a'], ['one'])
    start([new SyntheticDevice('one')])
    expect(idsOf(await collect())).toEqual(['a'])
    await farm.store.append('one', idOf('a'), line)
    expect(await farm.store.read('', 10)).toEqual([])
    expect(await counts()).toMatchObject({ done: 1 })
  })
})

test('a server that refuses a result costs no record, also if the host stops', async () => {
  const said: string[] = []
  await farm.queues.redis.set(KEYS.results, 'no stream')
  await submit(['a'], ['one'])
  start([new SyntheticDevice('one')], { say: (message) => said.push(message) })
  await expect.poll(() => said.join()).toContain('one: Redis refuses: WRONGTYPE')
  stop.abort()
  await working
  stop = new AbortController()
  await farm.queues.redis.del(KEYS.results)
  start([new SyntheticDevice('one')])
  expect(await collect()).toMatchObject([{ id: 'a', measurement: { device: 'one' } }])
})

test('what a stranger writes into a queue costs one record', async () => {
  const device = new SyntheticDevice('one')
  await farm.queues.declare(['one'])
  const add = (jobId: string, data: object) =>
    farm.queues.of('one').add('measure', data as FarmJob, { jobId })
  await add('x1', { record: { id: '../../etc' }, protocol: PROTOCOL, visit: 1 })
  await add('x2', { record: { id: 'a' }, protocol: { ...PROTOCOL, timeout: 1e300 }, visit: 1 })
  await add('x3', {})
  await submit(['good'], ['one'])
  start([device])
  const found = await collect()
  expect(device.measured).toEqual(['good'])
  expect(found.filter(({ error }) => error?.code === 'bad-input')).toHaveLength(3)
  expect(idsOf(found)).toEqual(['a', 'good', 'unknown', 'unknown'])
})

test('a connection that is dead although the server answers others is replaced', async () => {
  const proxy = await startProxy(server.url)
  const said: string[] = []
  start([new SyntheticDevice('one')], { url: proxy.url, say: (message) => said.push(message) })
  await expect
    .poll(async () => (await farmStatus(farm.queues)).devices.flatMap(({ hosts }) => hosts))
    .toMatchObject([{ state: 'ready' }])
  proxy.freeze()
  await submit(['a'], ['one'])
  expect(idsOf(await collect())).toEqual(['a'])
  expect(said).toContain('the connection to Redis does not come back: connecting anew')
  proxy.close()
})

test('what is measured and collected while a submitter runs is not submitted again', async () => {
  await submit(['a', 'b'], ['one'])
  start([new SyntheticDevice('one')])
  await collect()
  const found = new Set<string>()
  const again = await submit(['a', 'b', 'c'], ['one'], {
    has: (job) => found.has(job),
    update: () => {
      for (const id of ['a', 'b']) found.add(idOf(id))
      return Promise.resolve()
    },
  })
  expect(again).toMatchObject({ skipped: 2, submitted: 1 })
  expect(idsOf(await collect())).toEqual(['c'])
})

test('jobs wait until there is room for them', async () => {
  const ids = Array.from({ length: 1100 }, (_, index) => `r${index}`)
  const submitted = submit(ids, ['one'])
  const waiting = () => farm.queues.of('one').getWaitingCount()
  await expect.poll(waiting).toBe(1000)
  await delay(700)
  expect(await waiting()).toBe(1000)
  await farm.queues.redis.del(`${QUEUES}:one:wait`)
  await submitted
  expect(await waiting()).toBe(100)
})

test('what a stranger writes about hosts and jobs that were set aside is ignored unless it is such', async () => {
  const { redis } = farm.queues
  await submit(['a'], ['one'])
  const worker = { role: 'work', host: 'lab', pid: 1, device: 'one', state: 'ready', detail: '' }
  const written = ['[', '1', '{"role":"work"}', JSON.stringify({ ...worker, detail: 7 })]
  for (const [index, text] of [...written, JSON.stringify(worker)].entries()) {
    await redis.sadd(KEYS.present, `x${index}`)
    await redis.set(presenceKey(`x${index}`), text)
    await redis.hset(KEYS.aside, `x${index}`, text)
  }
  const { devices, aside } = await farmStatus(farm.queues)
  expect(devices).toMatchObject([{ waiting: 1, set_aside: 0, hosts: [{ host: 'lab' }] }])
  expect(devices[0].hosts).toHaveLength(1)
  expect(aside).toEqual([])
})
