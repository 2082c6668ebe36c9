import { execFileSync } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { OpenDevice } from '../lib/devices/src/target.js'
import { seededInput } from '../lib/devices/src/runtimes/session.js'
import { androidTflite } from '../lib/devices/src/targets/android-tflite/target.js'
import {
  androidTflitePhone,
  MODEL,
  OPENING,
  tfliteDevice,
  type TfliteEntry,
} from './android-tflite.fixture.js'
import {
  COMPILED_MODEL,
  INTERPRETER,
  writeTool,
  type SyntheticTool,
} from './synthetic-benchmark.js'

const PROTOCOL = { precision: 0.02, maxSeconds: 10, profile: false, requireFullDelegation: false }
const WHOLE =
  'echo "INFO: Replacing 164 out of 164 node(s) with delegate (TfLiteGpuDelegateV2) node, yielding 1 partitions for subgraph 0." >&2'
const PART =
  'echo "INFO: Replacing 100 out of 164 node(s) with delegate (TfLiteGpuDelegateV2) node, yielding 3 partitions for subgraph 0." >&2'
const NONE = 'echo "WARN: GPU acceleration is unsupported on this platform." >&2'

/** A folder, which adb would push whole. */
const MODELS = dirname(MODEL)

const { plugged, open: openTarget } = androidTflitePhone()
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leti-test-'))
})

afterAll(() => rm(folder, { recursive: true }))

async function open(
  body: string,
  entry: TfliteEntry = {},
  generation?: SyntheticTool,
): Promise<OpenDevice> {
  return openTarget({ benchmark_model: await writeTool(folder, body, generation), ...entry })
}

/** Waits until the tool runs on the phone. */
async function isRunning(): Promise<void> {
  await vi.waitFor(
    () =>
      expect(plugged.phone.processes().some(({ command }) => command.includes('--graph='))).toBe(
        true,
      ),
    { timeout: 10_000, interval: 50 },
  )
}

test('measures on the CPU: the run has what the tool printed', async () => {
  const pixel = await open(INTERPRETER)
  expect(pixel.describe()).toMatchObject({
    runtime: 'benchmark_model',
    backend: 'cpu',
    threads: 1,
    environment: { model: 'Google Pixel 7', runner: 'binary', generation: 'interpreter' },
  })
  // The mode that holds a phone's clocks is off here: see OPENING.
  expect(pixel.describe().environment).toMatchObject({ fixed_performance: false, top_app: false })
  const run = await pixel.run(MODEL, { ...PROTOCOL, profile: true })
  expect(run).toMatchObject({
    latency: {
      statistics: { median: 4.01, mean: 4.02, min: 3.9, count: 60, ci95: [4.01, 4.01] },
    },
    loadMs: 12.5,
    peakMemoryBytes: 12.5 * 1024 * 1024,
  })
  expect(run).not.toHaveProperty('delegation')
})

test('passes the seeded input to the tool and reads its output', async () => {
  const pixel = await open(INTERPRETER)
  const { firstOutput, lastOutput } = await pixel.run(MODEL, PROTOCOL)
  const expected = Array.from(seededInput(128 * 128 * 3))
  expect(firstOutput).toEqual(expected)
  expect(lastOutput).toEqual(expected)
})

test('gets the cores of the app in the foreground, if the phone can give them', async () => {
  const { state } = plugged.phone
  const benchmark_model = await writeTool(folder, INTERPRETER)
  state.hasTaskProfiles = false
  const without = await openTarget({ benchmark_model }, { fixedPerformance: true })
  expect(without.describe().environment).toMatchObject({ top_app: false })
  await without.close()
  state.hasTaskProfiles = true
  const pixel = await openTarget({ benchmark_model }, { fixedPerformance: true })
  expect(pixel.describe().environment).toMatchObject({ top_app: true })
  await pixel.run(MODEL, PROTOCOL)
  // Once to find out, then for each invocation, in a process of its own.
  expect(new Set(state.taskProfiles.map(({ tid }) => tid)).size).toBeGreaterThanOrEqual(3)
  expect(new Set(state.taskProfiles.map(({ profile }) => profile))).toEqual(
    new Set(['SCHED_SP_TOP_APP']),
  )
})

test('pushes no file twice, and keeps one model on the phone', async () => {
  const pixel = await open(INTERPRETER)
  const before = plugged.phone.pushes().length
  await pixel.run(MODEL, PROTOCOL)
  await pixel.run(MODEL, PROTOCOL)
  expect(plugged.phone.pushes().length - before).toBe(2)
  // The same model with an additional byte at its end.
  const other = join(folder, 'other.tflite')
  await writeFile(other, Buffer.concat([await readFile(MODEL), Buffer.alloc(1)]))
  await pixel.run(other, PROTOCOL)
  const models = [...(await plugged.phone.files()).keys()].filter((path) =>
    path.endsWith('.tflite'),
  )
  expect(models).toHaveLength(1)
})

test('a missing output is an error; an older one is not used in its place', async () => {
  const pixel = await open(`case "$*" in *--num_runs=1\\ *) ;; *) output= ;; esac; ${INTERPRETER}`)
  await expect(pixel.run(MODEL, PROTOCOL)).rejects.toMatchObject({ code: 'model-failed' })
})

test('a CompiledModel gives neither a median nor outputs', async () => {
  const pixel = await open(COMPILED_MODEL, {}, 'compiled-model')
  const run = await pixel.run(MODEL, PROTOCOL)
  expect(run.latency).toMatchObject({ statistics: { median: 4.02, median_is: 'mean' } })
  expect(run).not.toHaveProperty('firstOutput')
})

test.each([
  ['the whole model', WHOLE, { full: true, delegated_nodes: 164, total_nodes: 164, partitions: 1 }],
  [
    'part of the model',
    PART,
    { full: false, delegated_nodes: 100, total_nodes: 164, partitions: 3 },
  ],
  ['nothing', NONE, { full: false, delegated_nodes: 0 }],
])('records what ran on the GPU: %s', async (_name, line, delegation) => {
  const pixel = await open(`${line}\n${INTERPRETER}`, { backend: 'gpu' })
  expect((await pixel.run(MODEL, PROTOCOL)).delegation).toEqual(delegation)
})

test('partial delegation is an error if full delegation is required, in both generations', async () => {
  const required = { ...PROTOCOL, requireFullDelegation: true }
  const pixel = await open(`${PART}\n${INTERPRETER}`, { backend: 'gpu' })
  await expect(pixel.run(MODEL, required)).rejects.toMatchObject({
    code: 'partial-delegation',
    message: '100 of 164 operators ran on gpu (--require-full-delegation)',
  })
  await pixel.close()
  const refusing = `case "$*" in
    *--use_cpu=false*--require_full_delegation=true*)
      echo "ERROR: Some ops are not accelerated. Add kLiteRtHwAcceleratorCpu to the compilation accelerator set to allow using the CPU to run those." >&2
      exit 1 ;;
  esac
  ${COMPILED_MODEL}`
  const litert = await open(refusing, { backend: 'gpu' }, 'compiled-model')
  await expect(litert.run(MODEL, required)).rejects.toMatchObject({ code: 'partial-delegation' })
})

test('a CompiledModel that runs with only the GPU allowed proves full delegation', async () => {
  const pixel = await open(COMPILED_MODEL, { backend: 'gpu' }, 'compiled-model')
  const run = await pixel.run(MODEL, { ...PROTOCOL, requireFullDelegation: true })
  expect(run.delegation).toEqual({ full: true })
})

test.each([
  ['an Interpreter', INTERPRETER, 'interpreter'],
  ['a CompiledModel without the check', COMPILED_MODEL, 'older-compiled-model'],
] as const)(
  '%s that prints nothing about the GPU proves nothing',
  async (_name, body, generation) => {
    const pixel = await open(body, { backend: 'gpu' }, generation)
    const required = { ...PROTOCOL, requireFullDelegation: true }
    await expect(pixel.run(MODEL, required)).rejects.toMatchObject({
      code: 'partial-delegation',
      message: expect.stringContaining('does not report') as string,
    })
  },
)

test.each([
  ['a crash', 'kill -SEGV $$', 'device-crashed', /died \(SIGSEGV\)/],
  ['an abort', 'echo "FATAL: no OpenCL" >&2; kill -ABRT $$', 'device-crashed', /no OpenCL/],
  [
    'a failure',
    'echo "ERROR: Failed to apply GPU delegate." >&2; exit 1',
    'model-failed',
    /apply GPU/,
  ],
  ['garbled output', 'echo "Initi@lized se"; echo "count=5 fi"', 'model-failed', /not understood/],
  ['output without end', 'while :; do printf %9999s x; done', 'model-failed', /exceeds \d+ bytes/],
  ['no output', 'exit 0', 'model-failed', /printed nothing/],
])('%s', async (_name, body, code, message) => {
  const pixel = await open(body)
  await expect(pixel.run(MODEL, PROTOCOL)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
  })
})

test('closing ends a hanging benchmark, also on the phone', async () => {
  const pixel = await open('trap "" TERM HUP; while :; do sleep 1; done')
  const run = pixel.run(MODEL, PROTOCOL)
  const failed = expect(run).rejects.toMatchObject({ code: 'device-lost' })
  await isRunning()
  await pixel.close()
  await failed
  await vi.waitFor(() => expect(plugged.phone.processes()).toEqual([]), { timeout: 5000 })
})

test('a phone unplugged during a run fails its record; its folder is removed when it is back', async () => {
  const pixel = await open('trap "" TERM HUP; while :; do sleep 1; done')
  const run = pixel.run(MODEL, PROTOCOL)
  const failed = expect(run).rejects.toMatchObject({
    code: 'device-lost',
    message: expect.stringContaining(plugged.phone.serial) as string,
  })
  await isRunning()
  await plugged.server.adb('disconnect', plugged.phone.serial)
  await failed
  await pixel.close()
  await expect(open(INTERPRETER)).rejects.toMatchObject({ code: 'device-lost' })
  await plugged.server.adb('connect', plugged.phone.serial)
  const again = await open(INTERPRETER)
  await vi.waitFor(() => expect(plugged.phone.processes()).toEqual([]), { timeout: 5000 })
  expect(await again.run(MODEL, PROTOCOL)).toHaveProperty('latency')
})

test('two devices on one phone do not disturb each other', async () => {
  const tool = await writeTool(folder, `sleep 0.5; ${INTERPRETER}`)
  const config = tfliteDevice({ benchmark_model: tool })
  const devices = [await androidTflite.open(config, OPENING), await open(INTERPRETER)]
  const runs = await Promise.all(devices.map((device) => device.run(MODEL, PROTOCOL)))
  for (const run of runs) expect(run).toHaveProperty('firstOutput')
  await devices[0].close()
  expect(await devices[1].run(MODEL, PROTOCOL)).toHaveProperty('latency')
})

test.each([
  ['a missing benchmark_model', {}, /set "benchmark_model"/],
  ['a benchmark_model that does not exist', { benchmark_model: '/none' }, /no file \/none/],
  ['a benchmark_model that is a folder', { benchmark_model: MODELS }, /no file .*face_detection;/],
])('%s is a usage error', async (_name, entry, message) => {
  await expect(androidTflite.open(tfliteDevice(entry), OPENING)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(message) as string,
  })
})

test('another program, or a build without the delegate, is a usage error', async () => {
  const wrong = join(folder, 'wrong')
  await writeFile(wrong, 'not a program for any phone')
  const config = tfliteDevice({ benchmark_model: wrong })
  await expect(androidTflite.open(config, OPENING)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('arm64-v8a') as string,
  })
  await expect(open(COMPILED_MODEL, { backend: 'nnapi' }, 'compiled-model')).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('does not support nnapi') as string,
  })
})

test('a program whose --help does not end is killed and a usage error', async () => {
  const hanging = join(folder, 'hanging')
  await writeFile(hanging, '#!/bin/sh\ntrap "" TERM HUP; while :; do sleep 1; done\n')
  const config = tfliteDevice({ benchmark_model: hanging })
  await expect(androidTflite.open(config, OPENING)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('--help does not end') as string,
  })
}, 60_000)

test('refuses settings that the build has no flags for', async () => {
  const settings = { threads: 4, backend: 'gpu' }
  await expect(open(COMPILED_MODEL, settings, 'older-compiled-model')).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('no flag for the number of threads') as string,
  })
  const pixel = await open(COMPILED_MODEL, {}, 'older-compiled-model')
  await expect(pixel.run(MODEL, { ...PROTOCOL, profile: true })).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('cannot time operators') as string,
  })
})

test('a missing model file fails', async () => {
  const pixel = await open(INTERPRETER)
  await expect(pixel.run(join(folder, 'none.tflite'), PROTOCOL)).rejects.toMatchObject({
    code: 'model-failed',
    message: expect.stringContaining('none.tflite') as string,
  })
})

test('a model that is a device or a pipe is refused unread', async () => {
  const pixel = await open(INTERPRETER)
  const pipe = join(folder, 'pipe.tflite')
  execFileSync('mkfifo', [pipe])
  for (const path of ['/dev/zero', pipe]) {
    await expect(pixel.run(path, PROTOCOL)).rejects.toMatchObject({ code: 'bad-model' })
  }
}, 30_000)

test('a model whose name looks like an option of adb is measured', async () => {
  const pixel = await open(INTERPRETER)
  await copyFile(MODEL, join(folder, '-z.tflite'))
  const before = process.cwd()
  process.chdir(folder)
  try {
    expect(await pixel.run('-z.tflite', PROTOCOL)).toHaveProperty('latency')
  } finally {
    process.chdir(before)
  }
})

test('a phone that is not attached', async () => {
  await expect(open(INTERPRETER, { serial: 'nobody' })).rejects.toMatchObject({
    code: 'device-lost',
    message: expect.stringContaining('nobody') as string,
  })
})
