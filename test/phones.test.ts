import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  buildBenchmark,
  startAdbServer,
  startEmulatedPhone,
  type AdbServer,
  type BenchmarkFault,
  type EmulatedPhone,
} from './emulated-phone/index.js'
import type { PredictorFile } from '../lib/predictors/src/index.js'
import { records, shell, SMALL, smallCells, startDeviceRun, until, type Outcome } from './run.js'

// device-run as a user types it, with emulated phones behind the real adb.

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const devices = join(folder, 'devices.yaml')
const FAST = '--max-seconds 0.02'
/** For tests of something else than the outputs: the CPU reference takes most of a short run. */
const UNCHECKED = '--no-verify'

let server: AdbServer
let pixel: EmulatedPhone
let galaxy: EmulatedPhone

beforeAll(async () => {
  server = await startAdbServer()
  pixel = await startEmulatedPhone({ server })
  galaxy = await startEmulatedPhone({
    server,
    identity: { manufacturer: 'samsung', model: 'SM-S911B', device: 'dm1q' },
  })
  const interpreter = await buildBenchmark('interpreter')
  const compiled = await buildBenchmark('compiled')
  const phone = (serial: string, rest: string): string =>
    `{ target: android-tflite, serial: "${serial}", ${rest} }`
  writeFileSync(
    devices,
    `
pixel: ${phone(pixel.serial, `benchmark_model: ${interpreter}`)}
pixel-gpu: ${phone(pixel.serial, `delegate: gpu, benchmark_model: ${interpreter}`)}
pixel-litert: ${phone(pixel.serial, `delegate: gpu, benchmark_model: ${compiled}`)}
pixel-app: ${phone(pixel.serial, 'delegate: gpu, runner: app')}
galaxy: ${phone(galaxy.serial, `benchmark_model: ${interpreter}`)}
`,
  )
})

afterEach(async () => {
  for (const phone of [pixel, galaxy]) {
    phone.behave()
    // Even after a failure, no process runs on the phone and no file is left there.
    expect(phone.processes()).toEqual([])
    expect(await phone.files()).toEqual(new Map())
    expect(phone.reverses()).toEqual([])
  }
  expect((await server.adb('forward', '--list')).stdout.trim()).toBe('')
})

afterAll(async () => {
  await Promise.all([pixel.close(), galaxy.close()])
  await server.stop()
})

function line(text: string): Promise<Outcome> {
  return shell(text, { env: { ...process.env, ...server.env } })
}

async function deviceRun(device: string, count: number, options = ''): Promise<Outcome> {
  const run = `device-run -q --devices ${devices} -d ${device} ${FAST} ${options}`
  return line(`head -n ${count} ${await smallCells()} | ${run}`)
}

/** Starts a run over some cells, and waits until the first is measured. */
async function startRun(count: number, options = `${FAST} ${UNCHECKED}`, device = 'pixel') {
  const cells = join(folder, 'cells.ndjson')
  await line(`head -n ${count} ${await smallCells()} > ${cells}`)
  const args = ['-q', '--devices', devices, '-d', device, ...options.split(' '), cells]
  const run = startDeviceRun(args, server.env)
  await until(() => run.output().includes('\n'))
  return run
}

const outcomesOf = (text: string): string[] => records(text).map(({ error }) => error?.code ?? 'ok')

test.each([
  ['pixel', 'cpu', true, 'binary', 'interpreter'],
  ['pixel-gpu', 'gpu', true, 'binary', 'interpreter'],
  ['pixel-litert', 'gpu', false, 'binary', 'compiled-model'],
  ['pixel-app', 'gpu', false, 'app', 'interpreter'],
])('%s measures', async (device, backend, verified, runner, generation) => {
  const { code, stdout, stderr } = await deviceRun(device, 1)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const [{ measurement, model }] = records(stdout)
  expect(model).toMatchObject({ format: 'tflite' })
  expect(measurement).toMatchObject({
    device,
    target: 'android-tflite',
    runtime: 'benchmark_model',
    backend,
    verified,
    environment: {
      runner,
      generation,
      model: 'Google Pixel 7',
      android: '14',
      thermal_status_before: 'none',
      battery_temperature_after_c: 27.5,
    },
  })
  if (verified) expect(measurement?.output_error).toBeLessThan(1e-3)
  if (backend === 'gpu' && runner === 'binary' && generation === 'interpreter') {
    expect(measurement?.delegation).toMatchObject({ full: true })
  }
})

test('from the phone to a predictor, in one pipe', async () => {
  const { code, stdout } = await line(
    `nb101-sample -n 6 ${SMALL} | device-run -q --devices ${devices} -d pixel-gpu ${FAST} ${UNCHECKED} | featurize | train -q`,
  )
  expect(code).toBe(0)
  const predictor = JSON.parse(stdout) as PredictorFile
  expect(predictor).toMatchObject({ device: 'pixel-gpu', backend: 'gpu' })
  // On a busy computer a measurement may be so wrong that it is left out.
  expect(predictor.training.count).toBeGreaterThanOrEqual(5)
})

test('--profile adds the kernels to the record', async () => {
  const { stdout } = await deviceRun('pixel', 1, `--profile ${UNCHECKED}`)
  const kernels = records(stdout)[0].measurement?.kernels ?? []
  // XNNPACK runs all operators as one node of the graph.
  expect(kernels.map(({ name }) => name)).toContainEqual(expect.stringMatching(/XNN/i))
  expect(kernels.every(({ ms }) => ms > 0)).toBe(true)
})

test('partial delegation is recorded, and an error if full delegation is required', async () => {
  pixel.set({ benchmark: { delegatedNodes: 3, delegateKernels: 1 } })
  const { stdout } = await deviceRun('pixel-gpu', 1, UNCHECKED)
  expect(records(stdout)[0].measurement?.delegation).toMatchObject({
    full: false,
    delegated_nodes: 3,
    partitions: 2,
  })
  const strict = await deviceRun('pixel-gpu', 1, `--require-full-delegation ${UNCHECKED}`)
  expect(strict.code).toBe(1)
  expect(outcomesOf(strict.stdout)).toEqual(['partial-delegation'])
})

test('two runs on one phone: the second waits, no record is lost', async () => {
  const cells = join(folder, 'cells.ndjson')
  await line(`head -n 3 ${await smallCells()} > ${cells}`)
  const measuring = ['--precision', '0.0001', '--max-seconds', '0.3', UNCHECKED]
  const args = ['--devices', devices, ...measuring, cells]
  const first = startDeviceRun(['-q', '-d', 'pixel', ...args], server.env)
  await until(() => first.output().includes('\n'))
  // Another device on the same phone.
  const second = startDeviceRun(['-d', 'pixel-gpu', ...args], server.env)
  await until(() => second.errors().includes('waiting'))
  expect(second.errors()).toContain(
    `waiting for process ${first.child.pid}, which measures on phone ${pixel.serial} (`,
  )
  expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0])
  for (const run of [first, second]) {
    expect(outcomesOf(run.output())).toEqual(['ok', 'ok', 'ok'])
  }
})

test('two phones measure at once; one that hangs does not delay the other', async () => {
  galaxy.set({ benchmark: { fault: 'hang', atModel: 1 } })
  const { code, stdout, stderr } = await deviceRun('pixel,galaxy', 2, `--timeout 20 ${UNCHECKED}`)
  expect(code).toBe(1)
  // The pixel measured both records before the galaxy gave up the first.
  const devices = records(stdout).map(({ measurement }) => measurement?.device ?? 'none')
  expect(devices).toEqual(['pixel', 'pixel', 'none', 'galaxy'])
  expect(outcomesOf(stdout)).toEqual(['ok', 'ok', 'timeout', 'ok'])
  expect(stderr).toMatch(/stdin:1: galaxy: not done in 20 s/)
})

test('two runs on one phone that do not wait take nothing from each other', async () => {
  const unlocked = (): Promise<Outcome> => deviceRun('pixel', 3, `--no-lock ${UNCHECKED}`)
  const runs = await Promise.all([unlocked(), unlocked()])
  for (const { stdout, stderr } of runs) {
    expect(stderr).toBe('')
    expect(outcomesOf(stdout)).toEqual(['ok', 'ok', 'ok'])
  }
})

test('--list shows the properties of phones, and how to make the others ready', async () => {
  galaxy.set({ unauthorized: true })
  await server.untilState(galaxy.serial, 'unauthorized')
  const { stdout } = await line(`device-run --devices ${devices} --list`)
  const lines = stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Record<string, unknown>)
  expect(lines).toContainEqual(
    expect.objectContaining({
      serial: pixel.serial,
      state: 'device',
      model: 'Google Pixel 7',
      soc: 'Google GS201',
      android: '14',
      gpu: 'ARM Mali-G710',
      battery_percent: 85,
      battery_temperature_c: 27.5,
      thermal_status: 'none',
    }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({
      serial: galaxy.serial,
      state: 'unauthorized',
      detail: expect.stringMatching(/allow USB debugging/) as unknown,
    }),
  )
  expect(lines).toContainEqual(expect.objectContaining({ device: 'pixel-app', state: 'ready' }))
  galaxy.behave()
  await server.untilState(galaxy.serial, 'device')
})

test('a wrong entry of devices.yaml concerns that device alone', async () => {
  const file = join(folder, 'one-wrong.yaml')
  writeFileSync(file, 'good: { target: node }\nbad: { target: node, serial: "" }\n')
  const message = `${file}: device "bad": target node has no setting "serial"`
  const { code, stdout } = await line(`device-run --devices ${file} --list`)
  expect(code).toBe(0)
  const listed = stdout.split('\n').filter((text) => text.startsWith('{"device"'))
  const [, , , good, bad] = listed.map((text) => JSON.parse(text) as Record<string, unknown>)
  expect(good).toMatchObject({ device: 'good', state: 'ready' })
  expect(bad).toMatchObject({ device: 'bad', state: 'unavailable' })
  expect(bad.detail).toContain(message)
  const used = await line(`device-run --devices ${file} -d bad < /dev/null`)
  expect(used).toMatchObject({ code: 2, stdout: '' })
  expect(used.stderr).toContain(message)
  expect(await line(`device-run --devices ${file} -d good < /dev/null`)).toMatchObject({ code: 0 })
})

describe('faults', () => {
  /** Measures three records. Only the model of the second has the fault. */
  async function secondOfThree(
    fault: BenchmarkFault,
    { device = 'pixel', options = UNCHECKED } = {},
  ): Promise<{ outcomes: string[]; errors: string }> {
    pixel.set({ benchmark: { fault, atModel: 2 } })
    const { code, stdout, stderr } = await deviceRun(device, 3, options)
    expect(code).toBe(1)
    return { outcomes: outcomesOf(stdout), errors: stderr }
  }

  test.each([
    ['a crash', 'pixel', 'crash', 'device-crashed', /benchmark_model died \(SIGSEGV\)/],
    ['a tool killed while it prints', 'pixel', 'die', 'device-crashed', /died/],
    ['garbled results', 'pixel', 'garbled', 'model-failed', /not understood|impossible/],
    ['a failing delegate', 'pixel-gpu', 'fail', 'model-failed', /delegate|interpreter/],
    ['wrong numbers', 'pixel', 'wrong-output', 'wrong-output', /% off the CPU reference/],
  ] as const)('%s costs one record', async (_name, device, fault, code, message) => {
    const options = fault === 'wrong-output' ? '' : UNCHECKED
    const { outcomes, errors } = await secondOfThree(fault, { device, options })
    expect(outcomes).toEqual(['ok', code, 'ok'])
    expect(errors.trim()).toMatch(/^stdin:2: [^\n]+$/)
    expect(errors).toMatch(message)
  })

  test('a full disk costs the record; the error says so', async () => {
    const run = await startRun(3)
    pixel.set({ diskFull: true })
    await until(() => run.errors().includes('\n'))
    pixel.behave()
    expect(await run.ended).toBe(1)
    const outcomes = outcomesOf(run.output())
    expect(outcomes).toHaveLength(3)
    expect(outcomes[0]).toBe('ok')
    expect(outcomes).toContain('model-failed')
    expect(run.errors()).toMatch(/is full: free some of its storage/)
  })

  test('unplugging during a push costs one record; the run goes on once the phone is back', async () => {
    const run = await startRun(3)
    pixel.set({ unplugAfterPushBytes: 1000 })
    await until(() => run.errors().includes('\n'))
    await pixel.plugIn()
    expect(await run.ended).toBe(1)
    expect(outcomesOf(run.output())).toEqual(['ok', 'device-lost', 'ok'])
  })

  test.each([
    ['offline', { offline: true }, /offline: unplug it/],
    ['unauthorized', { unauthorized: true }, /unauthorized: unlock it/],
  ])('%s at the start: exit code 2, nothing is measured', async (state, behavior, message) => {
    pixel.set(behavior)
    await server.untilState(pixel.serial, state)
    const { code, stdout, stderr } = await deviceRun('pixel', 1, UNCHECKED)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    pixel.behave()
    await server.untilState(pixel.serial, 'device')
  })

  test('a reboot costs one record, and the run goes on', async () => {
    const run = await startRun(3, `--max-seconds 1 --precision 0.0001 ${UNCHECKED}`)
    await pixel.reboot()
    expect(await run.ended).toBe(1)
    expect(outcomesOf(run.output())).toEqual(['ok', 'device-lost', 'ok'])
  })

  test('no result is lost if the clock jumps while the app runs', async () => {
    const run = await startRun(2, FAST, 'pixel-app')
    pixel.state.clock.jump(-3_600_000)
    expect(await run.ended).toBe(0)
    expect(outcomesOf(run.output())).toEqual(['ok', 'ok'])
  })

  test('Ctrl-C: measured records are written, no process is left', async () => {
    const run = await startRun(12, `--max-seconds 2 --precision 0.0001 ${UNCHECKED}`)
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(130)
    const outcomes = outcomesOf(run.output())
    expect(outcomes[0]).toBe('ok')
    expect(outcomes.length).toBeLessThan(4)
  })

  test('a run removes the files of a killed run', async () => {
    const run = await startRun(3)
    run.child.kill('SIGKILL')
    await run.ended
    expect((await pixel.files()).size).toBeGreaterThan(0)
    expect((await deviceRun('pixel', 1, UNCHECKED)).code).toBe(0)
  })
})
