import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { adjustDevice, findDevice, loadDevices } from './config.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const path = join(folder, 'devices.yaml')

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

async function load(text: string, name = 'mine') {
  writeFileSync(path, text)
  return findDevice(await loadDevices(path), name)
}

test('node, chromium and web need no entry', async () => {
  expect(await load('', 'node')).toEqual({
    name: 'node',
    target: 'node',
    runtime: 'tfjs',
    backend: 'wasm',
    settings: {},
  })
  for (const target of ['chromium', 'web']) {
    expect(await load('', target)).toMatchObject({ target, backend: 'wasm' })
  }
  expect(await load('', 'web-12')).toMatchObject({ name: 'web-12', target: 'web' })
  expect(await load('web-1: { target: node }', 'web-1')).toMatchObject({ target: 'node' })
  await expect(load('', 'web-0')).rejects.toThrow('unknown device "web-0"')
})

test('an entry may replace a built-in device', async () => {
  expect(await load('node: { target: node, backend: cpu }', 'node')).toMatchObject({
    backend: 'cpu',
  })
})

test.each([
  ['android-chrome', { runtime: 'tfjs', backend: 'webgpu' }],
  ['android-tflite', { runtime: 'benchmark_model', backend: 'cpu' }],
])('the default runtime and backend of %s', async (target, defaults) => {
  expect(await load(`mine: { target: ${target} }`)).toMatchObject(defaults)
})

test('the settings of a target; a relative path starts from the folder of the file', async () => {
  const entry = 'target: android-tflite, delegate: gpu, benchmark_model: ./tool, threads: 4'
  expect(await load(`mine: { ${entry}, runner: app, serial: "1" }`)).toMatchObject({
    backend: 'gpu',
    settings: { benchmark_model: join(folder, 'tool'), threads: 4, runner: 'app', serial: '1' },
  })
})

test('charge goes on 10% above its limit, unless it says until when', async () => {
  const charge = async (limits: string) =>
    (await load(`mine: { target: android-tflite, charge: ${limits} }`)).settings.charge
  expect(await charge('{ min: 30 }')).toEqual({ min: 30, until: 40 })
  expect(await charge('{ min: 95 }')).toEqual({ min: 95, until: 100 })
  expect(await charge('{ min: 20, until: 80 }')).toEqual({ min: 20, until: 80 })
})

test.each([
  ['{ target: nod }', 'unknown target "nod"; known: node, chromium, android'],
  ['{ backend: cpu }', '"target" is missing; known: node, chromium'],
  ['{ target: node, backend: webgl }', 'unknown backend "webgl"; known: wasm, cpu'],
  ['{ target: node, runtime: onnx }', 'unknown runtime "onnx"; known: tfjs, litert'],
  ['{ target: node, runtime: litert, backend: cpu }', 'unknown backend "cpu"; known: wasm'],
  ['{ target: node, runtime: benchmark_model }', 'unknown runtime "benchmark_model"'],
  ['{ target: node, threads: 2 }', 'target node has no setting "threads"; its settings: clock'],
  ['{ target: chromium, serial: "1" }', 'target chromium has no setting "serial"'],
  ['{ target: node, "a\\nb": 1 }', String.raw`target node has no setting "a\nb"`],
  ['{ target: chromium, threads: 0 }', '"threads" must be a positive whole number'],
  ['{ target: chromium, executable: 1 }', '"executable" must be text (the browser to start'],
  ['{ target: chromium, executable: "" }', '"executable" must be text'],
  ['{ target: chromium, endpoint: "" }', '"endpoint" must be an address that begins with ws://'],
  ['{ target: chromium, endpoint: "127.0.0.1:9222" }', '"endpoint" must be an address that begins'],
  ['{ target: android-tflite, benchmark_model: "" }', '"benchmark_model" must be a path'],
  ['{ target: android-tflite, runner: cloud }', '"runner" must be binary or app'],
  ['{ target: android-tflite, benchmark_model: 1 }', '"benchmark_model" must be a path'],
  ['{ target: node, rest: 0 }', '"rest" must be a number of seconds from 1'],
  ['{ target: node, charge: { min: 30 } }', 'target node has no setting "charge"'],
  ['{ target: android-chrome, charge: 30 }', '"charge" must be a map of percents such as'],
  ['{ target: android-chrome, charge: { min: 30, until: 30 } }', '"charge" must be a map'],
  ['{ target: android-chrome, charge: { min: 30, max: 90 } }', '"charge" must be a map'],
  ['{ target: android-chrome, charge: { min: "30" } }', '"charge" must be a map'],
  ['{ target: node, delegate: gpu, backend: cpu }', '"delegate" and "backend" are the same'],
  ['5', 'must be a map, like: desktop:'],
])('%s is refused', async (entry, message) => {
  await expect(load(`mine: ${entry}`)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining(`${path}: device "mine"`) as string,
  })
  await expect(load(`mine: ${entry}`)).rejects.toThrow(message)
})

test.each([
  ['{ target: chromium, endpoint: "" }', '"endpoint" must be an address'],
  ['{ target: chromium, executable: }', '"executable" must be text'],
  ['{ target: android-chrome, serial: "" }', '"serial" must be text'],
  ['{ target: android-tflite, benchmark_model: "" }', '"benchmark_model" must be a path'],
  ['{ target: chromium, endpoint: "  " }', '"endpoint" must be an address'],
  ['{ target: android-tflite, benchmark_model: "a\\0b" }', '"benchmark_model" must be a path'],
  ['{ target: chromium, executable: "a\\eb" }', '"executable" must be text'],
  ['{ target: android-chrome, package: "-n x" }', '"package" must be the name of an Android'],
  ['{ target: chromium, threads: 1e15 }', '"threads" must be a positive whole number up to'],
  ['{ target: &a [*a] }', 'unknown target map or list; known: node'],
  ['{ target: node, <<: { backend: cpu } }', 'target node has no setting "<<"'],
  ['{ target: constructor }', 'unknown target "constructor"'],
  ['{ __proto__: { target: node } }', '"target" is missing'],
])('%s is refused, and concerns this device alone', async (entry, message) => {
  const text = `mine: ${entry}\nother: { target: node }`
  await expect(load(text)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining(message) as string,
  })
  expect(await load(text, 'other')).toMatchObject({ target: 'node' })
  expect(await load(text, 'chromium')).toMatchObject({ target: 'chromium' })
})

test.each(['a,b', ' a', 'a\nb', ''])('a device cannot have the name %j', async (name) => {
  await expect(load(`${JSON.stringify(name)}: { target: node }`, name)).rejects.toThrow(
    `${path}: device ${JSON.stringify(name)}: a name must not have`,
  )
})

test.each([
  ['mine: [', /devices\.yaml: /],
  ['- mine', /must map names to devices/],
  [`mine: ${'['.repeat(20_000)}`, /devices\.yaml: is nested too deeply$/],
  ['mine: { target: *none }', /Unresolved alias/],
  ['mine: !!js/function x', /Unresolved tag/],
  [`a: &a [x, x]\nmine: { target: node, ${'b: *a, '.repeat(3)} }`, /: b stands twice in one map$/],
  [`a: &a [x]\nmine: [${'*a, '.repeat(200)}]`, /Excessive alias count/],
])('a file that holds no map of devices: %s', async (text, message) => {
  await expect(load(text)).rejects.toThrow(message)
})

test('a file that is a device or too large is refused unread', async () => {
  await expect(loadDevices('/dev/zero')).rejects.toMatchObject({ code: 'usage' })
  await expect(load('#'.repeat(2 ** 20 + 1))).rejects.toMatchObject({ code: 'usage' })
  await expect(loadDevices(join(folder, 'none.yaml'))).rejects.toThrow('no such file')
})

test('an error of syntax does not quote the file', async () => {
  const secret = 'root:x:0:0\nhunter2: "\nhunter2'
  const error: unknown = await load(secret).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'usage' })
  expect(String(error)).not.toMatch(/root|hunter2/)
})

test('an unknown device: the error lists the known ones and shows how to define one', async () => {
  await expect(load('mine: { target: node }', 'yours')).rejects.toThrow(
    'unknown device "yours"; known: node, chromium, web, mine. Define it in devices.yaml, for example:',
  )
})

test('the command line changes runtime, backend and threads', async () => {
  const device = await load('mine: { target: chromium, backend: webgl, threads: 2 }')
  expect(adjustDevice(device, {})).toEqual(device)
  expect(adjustDevice(device, { runtime: 'tfjs' })).toEqual(device)
  // Another runtime starts with its own default backend.
  expect(adjustDevice(device, { runtime: 'litert', threads: 3 })).toEqual({
    ...device,
    runtime: 'litert',
    backend: 'wasm',
    settings: { threads: 3 },
  })
  expect(() => adjustDevice(device, { runtime: 'litert', backend: 'webgl' })).toThrow(
    'device "mine": unknown backend "webgl"; known: wasm, webgpu',
  )
})

test.each([
  ['node', {}],
  ['chromium', { backend: 'webgpu' }],
  ['chromium', { backend: 'webgl' }],
  ['chromium', { runtime: 'litert', backend: 'webgpu' }],
])('threads on %s with %o, which would have no effect, are refused', async (name, adjustment) => {
  const device = await load('', name)
  expect(() => adjustDevice(device, { ...adjustment, threads: 2 })).toThrow(
    /^--threads: "(node|chromium)" runs (tfjs|litert) web\w+|wasm with one thread$/,
  )
})

test('the command line changes the clock of node, and of no other device', async () => {
  const timed = adjustDevice(await load('', 'node'), { clock: 'cpu' })
  expect(timed.settings).toEqual({ clock: 'cpu' })
  const chromium = await load('', 'chromium')
  expect(() => adjustDevice(chromium, { clock: 'cpu' })).toThrow(
    '--clock: "chromium" is timed by its own clock',
  )
})

test('the threads of a device do not hinder a backend that takes none', async () => {
  const device = await load('mine: { target: chromium, threads: 2 }')
  expect(adjustDevice(device, { backend: 'webgpu' })).toMatchObject({ backend: 'webgpu' })
})

test.skipIf(process.platform !== 'linux')(
  "without a path: ./devices.yaml, else the one in the user's config directory",
  async () => {
    const home = join(folder, 'config')
    mkdirSync(join(home, 'leti'), { recursive: true })
    writeFileSync(join(home, 'leti/devices.yaml'), 'theirs: { target: node }')
    vi.stubEnv('XDG_CONFIG_HOME', home)
    const names = async () => (await loadDevices()).map(({ name }) => name)
    // There is no devices.yaml in the working directory of the tests.
    expect(await names()).toEqual(['node', 'chromium', 'web', 'theirs'])
  },
)
