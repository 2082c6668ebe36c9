import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Adb } from '../lib/devices/src/adb/adb.js'
import { attachedPhones } from '../lib/devices/src/adb/attached.js'
import { freePort } from '../lib/devices/src/targets/android-chrome/free-port.js'
import { listPhones } from '../lib/devices/src/adb/device-list.js'
import {
  startAdbServer,
  startEmulatedPhone,
  type AdbServer,
  type EmulatedPhone,
} from './emulated-phone/index.js'

let server: AdbServer
let phone: EmulatedPhone
let adb: Adb
let folder: string

function phoneAdb(signal?: AbortSignal): Adb {
  return new Adb({ name: phone.serial, options: ['-s', phone.serial] }, signal)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leti-test-'))
  server = await startAdbServer()
  for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value)
  phone = await startEmulatedPhone({ server })
  adb = phoneAdb()
})

afterAll(async () => {
  await phone.close()
  await server.stop()
  await rm(folder, { recursive: true })
  vi.unstubAllEnvs()
})

test('every argument reaches the program on the phone unchanged', async () => {
  const args = ['plain', '', 'two words', "it's", '$HOME', '`id`', ';', '*', '"', '\\', '-e']
  const { stdout } = await adb.shell(['printf', '%s\\n', ...args])
  expect(stdout).toBe(`${args.join('\n')}\n`)
})

test('stdout, stderr and exit code stay separate', async () => {
  const result = await adb.shell(['sh', '-c', 'echo out; echo err >&2; exit 7'])
  expect(result).toEqual({ stdout: 'out\n', stderr: 'err\n', exitCode: 7 })
  expect(await adb.shell(['sh', '-c', 'kill -SEGV $$'])).toMatchObject({ exitCode: 139 })
  expect(await adb.shell(['no-such-program'])).toMatchObject({ exitCode: 127 })
})

test('pushes and pulls files', async () => {
  const there = join(folder, 'there')
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_byte, index) => index % 251))
  await writeFile(there, bytes)
  await adb.push(there, '/data/local/tmp/a')
  await adb.pull('/data/local/tmp/a', join(folder, 'back'))
  expect(await readFile(join(folder, 'back'))).toEqual(bytes)
  await expect(adb.pull('/data/local/tmp/none', join(folder, 'none'))).rejects.toMatchObject({
    code: 'model-failed',
    message: expect.stringContaining('No such file') as string,
  })
})

test('forwards ports in both directions, and removes them', async () => {
  const greeter = createServer((socket) => socket.end('hello'))
  await new Promise<void>((resolve) => greeter.listen(0, '127.0.0.1', resolve))
  const { port } = greeter.address() as AddressInfo
  // The port of the phone is taken.
  await server.adb('-s', phone.serial, 'reverse', `tcp:${port}`, 'tcp:1')
  const reversed = await adb.reverse(port)
  const forwarded = await freePort()
  await adb.forward(forwarded, `tcp:${reversed}`)
  const heard = await new Promise((resolve) => {
    connect(forwarded, '127.0.0.1').on('data', (data) => resolve(data.toString()))
  })
  expect(heard).toBe('hello')
  expect(await adb.reversesTo(port)).toEqual([reversed])
  await adb.removeForward(forwarded)
  await adb.removeReverse(reversed)
  await adb.removeReverse(port)
  expect((await server.adb('forward', '--list')).stdout.trim()).toBe('')
  expect(phone.reverses()).toEqual([])
  greeter.close()
})

test('a call that takes too long or is canceled fails with device-lost', async () => {
  await expect(adb.shell(['sleep', '5'], { timeout: 200 })).rejects.toMatchObject({
    code: 'device-lost',
    message: expect.stringContaining('did not answer in 0.2 s') as string,
  })
  const closing = new AbortController()
  const call = phoneAdb(closing.signal).shell(['sleep', '5'])
  setTimeout(() => closing.abort(), 200)
  await expect(call).rejects.toMatchObject({ code: 'device-lost' })
  await expect(phoneAdb(closing.signal).shell(['true'])).rejects.toMatchObject({
    code: 'device-lost',
  })
})

test('a connection that breaks is an error, though adb reports success', async () => {
  const call = adb.shell(['sh', '-c', 'echo one; sleep 5; echo two'])
  const failed = expect(call).rejects.toMatchObject({
    code: 'device-lost',
    message: expect.stringContaining(phone.serial) as string,
  })
  await expect.poll(() => phone.processes().length).toBeGreaterThan(0)
  await server.adb('disconnect', phone.serial)
  await failed
  await expect(adb.shell(['true'])).rejects.toMatchObject({ code: 'device-lost' })
  await server.adb('connect', phone.serial)
  expect(await adb.shell(['true'])).toMatchObject({ exitCode: 0 })
})

test('lists the attached phones with their properties', async () => {
  const { phones, problem } = await attachedPhones()
  expect(problem).toBeUndefined()
  expect(phones).toMatchObject([
    { serial: phone.serial, state: 'device', model: 'Google Pixel 7', soc: 'Google GS201' },
  ])
})

test('an adb that fails without a message is an error too', async () => {
  const silent = join(folder, 'adb')
  await writeFile(silent, '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  const { PATH } = process.env
  vi.stubEnv('PATH', `${folder}:${PATH}`)
  try {
    const why = { message: expect.stringMatching(/failed: it gives no reason$/) as string }
    await expect(listPhones()).rejects.toMatchObject(why)
    await expect(adb.push(silent, '/data/local/tmp/x')).rejects.toMatchObject(why)
  } finally {
    vi.stubEnv('PATH', PATH)
    await rm(silent)
  }
})

test('without adb, the list is empty and gives the reason', async () => {
  const { PATH } = process.env
  vi.stubEnv('PATH', folder)
  try {
    const { phones, problem } = await attachedPhones()
    expect(phones).toEqual([])
    expect(problem).toContain('install it')
  } finally {
    vi.stubEnv('PATH', PATH)
  }
})
