import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, expect, test, vi } from 'vitest'
import { attachedPhones } from '../lib/devices/src/adb/attached.js'
import type { OpenDevice, Run } from '../lib/devices/src/target.js'
import { androidTflite } from '../lib/devices/src/targets/android-tflite/target.js'
import {
  androidTflitePhone,
  MODEL,
  OPERATORS,
  OUTPUTS,
  tfliteDevice,
} from './android-tflite.fixture.js'
import { buildBenchmark, type Generation } from './emulated-phone/index.js'

const PROTOCOL = { precision: 0.5, maxSeconds: 0.1, profile: false, requireFullDelegation: false }
const REQUIRED = { ...PROTOCOL, requireFullDelegation: true }

const { plugged, open: openTarget } = androidTflitePhone()
let tools: Readonly<Record<Generation, string>>

beforeAll(async () => {
  tools = {
    interpreter: await buildBenchmark('interpreter'),
    compiled: await buildBenchmark('compiled'),
  }
})

function open(
  generation: Generation | 'app',
  backend = 'cpu',
  threads?: number,
): Promise<OpenDevice> {
  const tool =
    generation === 'app' ? { runner: 'app' as const } : { benchmark_model: tools[generation] }
  return openTarget({ backend, ...(threads && { threads }), ...tool })
}

function statisticsOf({ latency }: Run) {
  if (!('statistics' in latency)) throw new Error('expected statistics, not samples')
  return latency.statistics
}

test.each([
  ['interpreter', 'cpu'],
  ['interpreter', 'gpu'],
  ['interpreter', 'nnapi'],
  ['compiled', 'cpu'],
  ['compiled', 'gpu'],
  ['app', 'gpu'],
] as const)('%s on %s', async (generation, backend) => {
  // Android's log does not hold the app's whole table.
  const profile = generation !== 'app'
  const run = await (await open(generation, backend)).run(MODEL, { ...REQUIRED, profile })
  const { median, min, count } = statisticsOf(run)
  expect(count).toBeGreaterThanOrEqual(1)
  expect(median).toBeGreaterThanOrEqual(min)
  expect(run.loadMs).toBeGreaterThan(0)
  expect(run.firstRunMs).toBeGreaterThan(0)
  expect(run.peakMemoryBytes).toBeGreaterThan(1e6)
  if (profile) expect(run.kernels?.length).toBeGreaterThan(0)
  if (backend === 'cpu') expect(run).not.toHaveProperty('delegation')
  else expect(run.delegation).toMatchObject({ full: true, delegated_nodes: OPERATORS })
  expect(run.environment).toMatchObject({
    thermal_status_before: 'none',
    thermal_status_after: 'none',
    battery_temperature_before_c: 27.5,
  })
  if (generation === 'interpreter') {
    expect(run.firstOutput).toHaveLength(OUTPUTS)
    expect(run.lastOutput).toEqual(run.firstOutput)
  } else expect(run).not.toHaveProperty('firstOutput')
})

test('the environment names the tool and the phone', async () => {
  const app = await open('app', 'gpu', 4)
  expect(app.describe()).toMatchObject({
    threads: 4,
    environment: {
      model: 'Google Pixel 7',
      android: '14',
      soc: 'Google GS201',
      gpu: expect.stringContaining('Mali') as string,
      runner: 'app',
      half_precision_allowed: true,
    },
  })
})

test('reads the output of older builds', async () => {
  plugged.phone.set({ benchmark: { old: true } })
  const run = await (await open('interpreter', 'gpu')).run(MODEL, { ...REQUIRED, profile: true })
  expect(statisticsOf(run).median_is).toBe('mean')
  expect(run.kernels?.length).toBeGreaterThan(0)
})

test.each(['interpreter', 'compiled', 'app'] as const)(
  '%s: partial delegation is recorded, or an error if full delegation is required',
  async (generation) => {
    plugged.phone.set({ benchmark: { delegatedNodes: 100, delegateKernels: 2 } })
    const pixel = await open(generation, 'gpu')
    const { delegation } = await pixel.run(MODEL, PROTOCOL)
    expect(delegation).toMatchObject({ full: false, delegated_nodes: 100, total_nodes: OPERATORS })
    await expect(pixel.run(MODEL, REQUIRED)).rejects.toMatchObject({ code: 'partial-delegation' })
  },
)

test.each([
  ['compiled', 'crash', 'device-crashed'],
  ['compiled', 'fail', 'partial-delegation'],
  ['compiled', 'garbled', 'model-failed'],
  ['app', 'crash', 'device-crashed'],
  ['app', 'fail', 'model-failed'],
  ['app', 'garbled', 'model-failed'],
] as const)('%s: %s', async (generation, fault, code) => {
  plugged.phone.set({ benchmark: { fault } })
  const pixel = await open(generation, 'gpu')
  await expect(pixel.run(MODEL, REQUIRED)).rejects.toMatchObject({
    code,
    message: expect.not.stringMatching(/\n/) as string,
  })
})

test.each(['interpreter', 'app'] as const)(
  '%s: closing ends a hanging benchmark',
  async (generation) => {
    plugged.phone.set({ benchmark: { fault: 'hang' } })
    const pixel = await open(generation)
    const failed = expect(pixel.run(MODEL, PROTOCOL)).rejects.toMatchObject({ code: 'device-lost' })
    await vi.waitFor(() => expect(plugged.phone.processes()).not.toEqual([]), { timeout: 10_000 })
    await pixel.close()
    await failed
  },
)

test('closing ends an app that is still being started', async () => {
  plugged.phone.set({ appStartMs: 500, benchmark: { fault: 'hang' } })
  const { log } = plugged.phone.state
  log.clear()
  const logged = (text: string) => log.entries.filter((entry) => entry.text.startsWith(text)).length
  const pixel = await open('app')
  const failed = expect(pixel.run(MODEL, PROTOCOL)).rejects.toMatchObject({ code: 'device-lost' })
  await expect.poll(() => logged('START u0')).toBe(1)
  await pixel.close()
  await failed
  const started = logged('Start proc')
  await delay(1500)
  expect(logged('Start proc')).toBe(started)
  expect(plugged.phone.processes()).toEqual([])
})

test('the app measures even if the clock jumps', async () => {
  const pixel = await open('app')
  const run = pixel.run(MODEL, PROTOCOL)
  await vi.waitFor(() => expect(plugged.phone.processes()).not.toEqual([]), { timeout: 10_000 })
  plugged.phone.state.clock.jump(-86_400_000)
  expect(statisticsOf(await run).count).toBeGreaterThan(0)
})

test('sends no command to the phone while the app measures', async () => {
  const pixel = await open('app')
  const before = plugged.phone.commands().length
  await pixel.run(MODEL, PROTOCOL)
  const commands = plugged.phone.commands().slice(before).join('\n')
  expect(commands).not.toMatch(/pidof|dumpsys activity/)
  // Each of the two invocations reads the log at its start, waits, and reads it until it stops growing.
  expect(commands.match(/logcat/g)?.length).toBeLessThanOrEqual(12)
  expect(commands.match(/-e 'Inference timings in us:'/g)).toHaveLength(2)
})

test('the app refuses to profile', async () => {
  const pixel = await open('app')
  await expect(pixel.run(MODEL, { ...PROTOCOL, profile: true })).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('the benchmark app') as string,
  })
})

test('an app that is not installed is a usage error', async () => {
  const app = tfliteDevice({ runner: 'app' })
  expect(await androidTflite.state(app)).toMatchObject({ state: 'ready' })
  plugged.phone.state.packages.delete('org.tensorflow.lite.benchmark')
  try {
    expect(await androidTflite.state(app)).toMatchObject({
      state: 'unavailable',
      detail: expect.stringContaining('adb install') as string,
    })
    await expect(open('app')).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('adb install') as string,
    })
  } finally {
    plugged.phone.state.packages.set('org.tensorflow.lite.benchmark', '1.0')
  }
})

test('a full phone fails with model-failed', async () => {
  plugged.phone.set({ diskFull: true })
  await expect(open('interpreter')).rejects.toMatchObject({
    code: 'model-failed',
    message: expect.stringContaining('is full') as string,
  })
})

test('a phone unplugged during a push can be opened again', async () => {
  const pixel = await open('interpreter')
  plugged.phone.set({ unplugAfterPushBytes: 1000 })
  await expect(pixel.run(MODEL, PROTOCOL)).rejects.toMatchObject({ code: 'device-lost' })
  await pixel.close()
  plugged.phone.behave()
  await plugged.phone.plugIn()
  const again = await open('interpreter')
  expect(statisticsOf(await again.run(MODEL, PROTOCOL)).count).toBeGreaterThan(0)
})

test('waits for a phone to cool, but not longer than it may', async () => {
  const pixel = await open('interpreter')
  plugged.phone.state.heatTo(2, 0.4)
  expect(await pixel.coolDown?.(10)).toBe(true)
  plugged.phone.state.heatTo(2)
  expect(await pixel.coolDown?.(0.1)).toBe(false)
  plugged.phone.state.heatTo(0)
})

test.each([
  ['offline', { offline: true }, /offline/],
  ['unauthorized', { unauthorized: true }, /allow USB debugging/],
])('a phone that is %s: the list says so, and opening fails', async (state, behavior, advice) => {
  plugged.phone.set(behavior)
  try {
    await vi.waitFor(
      async () => expect((await attachedPhones()).phones).toMatchObject([{ state }]),
      { timeout: 20_000, interval: 200 },
    )
    const { phones } = await attachedPhones()
    expect(phones[0].detail).toMatch(advice)
    await expect(open('interpreter')).rejects.toMatchObject({ code: 'device-lost' })
  } finally {
    plugged.phone.behave()
    await plugged.phone.unplug()
    await plugged.phone.plugIn()
  }
})
