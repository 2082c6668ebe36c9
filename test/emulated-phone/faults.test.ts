/** Tests how a phone with faults looks through the real adb. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pluggedIn } from './plugged-in.fixture.js'

const plugged = pluggedIn()
const { adb, shell } = plugged
const file = join(mkdtempSync(join(tmpdir(), 'leti-test-')), 'file')
writeFileSync(file, Buffer.alloc(5_000_000, 1))
const TARGET = '/data/local/tmp/file'

async function stateOf(): Promise<string | undefined> {
  const { stdout } = await plugged.server.adb('devices')
  return stdout
    .split('\n')
    .find((line) => line.startsWith(plugged.phone.serial))
    ?.split('\t')[1]
}

test('a full disk fails pushes and redirections', async () => {
  plugged.phone.set({ diskFull: true })
  const push = await adb('push', file, TARGET)
  expect(push.code).toBe(1)
  expect(push.stdout + push.stderr).toContain('No space left on device')
  const write = await shell(`echo text > ${TARGET}`)
  expect(write.code).not.toBe(0)
  expect((await shell('df /data/local/tmp')).stdout).toMatch(/ 0 100% \/data\n$/)
  plugged.phone.behave()
  expect((await plugged.phone.files()).size).toBe(0)
})

test('unplugged during a push, and plugged in again', async () => {
  plugged.phone.set({ unplugAfterPushBytes: 1_000_000 })
  const push = await adb('push', file, TARGET)
  expect(push.code).toBe(1)
  expect(plugged.phone.pushes()).toEqual([])
  expect(await stateOf()).not.toBe('device')
  await plugged.phone.plugIn()
  expect(await stateOf()).toBe('device')
  expect((await adb('push', file, TARGET)).code).toBe(0)
  await shell(`rm ${TARGET}`)
})

test('offline', async () => {
  plugged.phone.set({ offline: true })
  await expect.poll(stateOf).toBe('offline')
  const { code, stderr } = await shell('echo')
  expect(code).toBe(1)
  expect(stderr).toBe('error: device offline\n')
  plugged.phone.behave()
  await plugged.phone.plugIn()
  await expect.poll(stateOf).toBe('device')
})

test('unauthorized, until the user allows it', async () => {
  plugged.phone.set({ unauthorized: true })
  await plugged.phone.plugIn()
  await expect.poll(stateOf).toBe('unauthorized')
  expect((await shell('echo')).stderr).toContain('error: device unauthorized.')
  plugged.phone.behave()
  await expect.poll(stateOf).toBe('device')
})

test('a reboot keeps only the files', async () => {
  await adb('push', file, TARGET)
  await adb('reverse', 'tcp:7000', 'tcp:7001')
  const running = shell('sleep 1000')
  await expect.poll(() => plugged.phone.processes().length).toBe(1)
  await adb('reboot')
  // Debian's adb exits with 0 even if the connection is lost, so its exit code proves nothing.
  await running
  await expect.poll(stateOf, { timeout: 10_000 }).toBe('device')
  expect([...(await plugged.phone.files()).keys()]).toEqual([TARGET])
  expect(plugged.phone.reverses()).toEqual([])
  expect(plugged.phone.processes()).toEqual([])
})
