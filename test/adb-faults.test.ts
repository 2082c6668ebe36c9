import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { Adb } from '../lib/devices/src/adb/adb.js'
import { attachedPhones } from '../lib/devices/src/adb/attached.js'
import { resolvePhone } from '../lib/devices/src/adb/choose-phone.js'
import { listPhones } from '../lib/devices/src/adb/device-list.js'
import { freePort } from '../lib/devices/src/targets/android-chrome/free-port.js'
import { runAdb } from '../lib/devices/src/adb/run-adb.js'
import {
  buildBenchmark,
  okay,
  sameSerial,
  startAdbRelay,
  startAdbServer,
  startEmulatedPhone,
  type AdbRelay,
  type AdbServer,
  type EmulatedPhone,
} from './emulated-phone/index.js'
import { shell, SMALL, startDeviceRun, until } from './run.js'

// The real adb client, with a server that misbehaves or names two phones alike.

let server: AdbServer
let relay: AdbRelay
let phone: EmulatedPhone

beforeAll(async () => {
  server = await startAdbServer()
  relay = await startAdbRelay(server)
  for (const [name, value] of Object.entries(relay.env)) vi.stubEnv(name, value)
  phone = await startEmulatedPhone({ server })
})

afterEach(() => {
  relay.answer = () => undefined
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await relay.stop()
  await phone.close()
  await server.stop()
})

const phoneAdb = () => new Adb({ name: phone.serial, options: ['-s', phone.serial] })

/** The error of something that must fail. */
async function errorOf(work: Promise<unknown>): Promise<{ code?: string; message: string }> {
  return work.then(
    () => expect.unreachable(),
    (error: unknown) => error as Error,
  )
}

describe('two phones with the same serial number', () => {
  const SHARED = '0123456789ABCDEF'
  let other: EmulatedPhone

  beforeAll(async () => {
    other = await startEmulatedPhone({ server, identity: { model: 'Pixel 8' } })
  })
  afterAll(() => other.close())

  test('adb reaches the one that is named by its USB port', async () => {
    relay.answer = sameSerial(server, [phone.serial, other.serial], SHARED)
    expect((await errorOf(resolvePhone(SHARED))).message).toBe(
      `several phones are "${SHARED}"; set "serial" to one of: ` +
        `${SHARED} usb:1-1 (Pixel_7), ${SHARED} usb:1-2 (Pixel_8)`,
    )
    for (const [name, model] of [
      ['usb:1-1', 'Pixel 7'],
      [`${SHARED} usb:1-2`, 'Pixel 8'],
    ]) {
      const chosen = await resolvePhone(name)
      expect(chosen.name).toBe(`${SHARED} ${name.slice(-7)}`)
      const adb = new Adb(chosen)
      expect((await adb.shell(['getprop', 'ro.product.model'])).stdout.trim()).toBe(model)
      const forward = await freePort()
      await adb.forward(forward, 'localabstract:chrome_devtools_remote')
      await adb.removeForward(forward)
      await adb.removeReverse(await adb.reverse(forward))
    }
  })

  test('both are listed with a name for devices.yaml', async () => {
    relay.answer = sameSerial(server, [phone.serial, other.serial], SHARED)
    const { phones } = await attachedPhones()
    expect(phones).toMatchObject([
      { serial: SHARED, name: `${SHARED} usb:1-1`, model: 'Google Pixel 7', state: 'device' },
      { serial: SHARED, name: `${SHARED} usb:1-2`, model: 'Google Pixel 8', state: 'device' },
    ])
  })
})

describe('the server', () => {
  test('hangs: a call ends after its time limit', async () => {
    relay.answer = () => 'hang'
    expect(await runAdb(['devices', '-l'], 300)).toMatchObject({ timedOut: true })
  })

  test('hangs: a call ends with the signal', async () => {
    const hung = vi.fn(() => 'hang' as const)
    relay.answer = hung
    const closing = new AbortController()
    const failed = errorOf(resolvePhone(undefined, closing.signal))
    await expect.poll(() => hung.mock.calls.length).toBeGreaterThan(0)
    closing.abort()
    expect(await failed).toMatchObject({ code: 'device-lost', message: 'the phone was closed' })
  })

  test.each([
    ['breaks the connection', 'break', /^adb devices failed: (?:adb: )?error: /],
    ['answers garbage', Buffer.from('no such answer'), /protocol fault/],
    ['refuses in words of its own', Buffer.from('FAIL0008odd case'), /odd case/],
  ] as const)('%s: one clear error', async (_what, answer, message) => {
    relay.answer = (request) => (request === 'host:devices-l' ? answer : undefined)
    const error = await errorOf(listPhones())
    expect(error).toMatchObject({ code: 'device-lost' })
    expect(error.message).toMatch(message)
    expect(error.message).not.toContain('\n')
  })

  test('lists garbage: no phone', async () => {
    relay.answer = (request) => (request === 'host:devices-l' ? okay('\0\0 odd\n') : undefined)
    expect(await listPhones()).toEqual([])
  })

  test("an error that LETI does not know keeps adb's words", async () => {
    relay.answer = (request) =>
      request.includes(phone.serial) ? Buffer.from('FAIL0008odd case') : undefined
    const adb = phoneAdb()
    const calls = [
      () => adb.shell(['true']),
      () => adb.forward(1, 'tcp:1'),
      () => adb.push(import.meta.filename, '/data/local/tmp/x'),
    ]
    for (const call of calls) {
      const { code, message } = await errorOf(call())
      expect(message).toMatch(new RegExp(`^phone ${phone.serial}: adb \\w+ failed: .*odd case$`))
      expect(code).toBe('device-lost')
    }
  })
})

/** The state of a process in the letters of ps; empty if there is none. */
function stateOf(pid: number): string {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim().slice(0, 1)
}

test('SIGTERM ends a run whose server hangs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
  const devices = join(folder, 'devices.yaml')
  const cells = join(folder, 'cells.ndjson')
  const tool = await buildBenchmark('interpreter')
  writeFileSync(devices, `pixel: { target: android-tflite, benchmark_model: ${tool} }\n`)
  await shell(`nb101-sample -n 9 ${SMALL} > ${cells}`)
  const args = ['-q', '--devices', devices, '-d', 'pixel', '--max-seconds', '0.2', cells]
  const run = startDeviceRun(args, relay.env)
  await until(() => run.output().includes('\n'))
  const hung = vi.fn(() => 'hang' as const)
  relay.answer = hung
  await until(() => hung.mock.calls.length > 0)
  run.child.kill('SIGTERM')
  expect(await run.ended).toBe(130)
  // Nothing could be cleaned up.
  relay.answer = () => undefined
  await server.adb('-s', phone.serial, 'shell', 'rm -rf /data/local/tmp/leti-*')
  rmSync(folder, { recursive: true })
})

describe('a program in the place of adb', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  async function withProgram<T>(script: string, work: () => Promise<T>): Promise<T> {
    writeFileSync(join(folder, 'adb'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    const { PATH } = process.env
    vi.stubEnv('PATH', `${folder}:${PATH}`)
    try {
      return await work()
    } finally {
      vi.stubEnv('PATH', PATH)
    }
  }

  test('that hangs is killed, with the programs that it started', async () => {
    const pid = await withProgram('trap "" TERM HUP INT; sleep 600 & echo $!; wait', async () => {
      const { stdout, timedOut } = await runAdb(['devices'], 500)
      expect(timedOut).toBe(true)
      return Number(stdout)
    })
    expect(pid).toBeGreaterThan(0)
    await expect.poll(() => stateOf(pid)).toMatch(/^Z?$/)
  }, 30_000)

  test.each([
    ['prints no list', 'echo hello', /it printed no list of devices, but: hello$/],
    ['dies', 'kill -9 $$', /it was killed \(SIGKILL\)$/],
    ['fails in its own words', 'echo "frobnicated" >&2; exit 3', /failed: frobnicated$/],
  ])('that %s: one clear error', async (_what, script, message) => {
    const error = await withProgram(script, () => errorOf(listPhones()))
    expect(error).toMatchObject({ code: 'device-lost' })
    expect(error.message).toMatch(message)
  })

  test('the words of a failed shell are kept', async () => {
    const { message } = await withProgram('echo "frobnicated" >&2; exit 3', () =>
      errorOf(phoneAdb().shell(['true'])),
    )
    expect(message).toBe(`phone ${phone.serial}: adb shell failed: frobnicated`)
  })
})
