/** Tests the emulated phone's adb daemon through the real client and server. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pluggedIn } from './plugged-in.fixture.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const plugged = pluggedIn()
const { adb } = plugged

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

test('adb lists the phone with its model', async () => {
  const { stdout } = await plugged.server.adb('devices', '-l')
  expect(stdout).toMatch(
    `${plugged.phone.serial}        device product:panther model:Pixel_7 device:panther transport_id:`,
  )
})

test('shell: stdout, stderr and the exit code stay separate', async () => {
  const outcome = await adb('shell', 'echo out; echo err >&2; exit 7')
  expect(outcome).toEqual({ code: 7, stdout: 'out\n', stderr: 'err\n' })
  expect((await adb('shell', 'kill -9 $$')).code).toBe(128 + 9)
  expect((await adb('exec-out', "printf 'a\\nb'")).stdout).toBe('a\nb')
})

test('shell: paths are those of the phone', async () => {
  const outcome = await adb('shell', 'cat /data/local/tmp/none')
  expect(outcome.stderr).toBe('cat: /data/local/tmp/none: No such file or directory\n')
})

test('push and pull of 20 MB', async () => {
  const bytes = randomBytes(20_000_000)
  writeFileSync(join(folder, 'pushed'), bytes)
  const target = '/data/local/tmp/folder/file'
  expect((await adb('push', join(folder, 'pushed'), target)).code).toBe(0)
  expect((await adb('shell', `sha256sum ${target}`)).stdout).toBe(`${sha256(bytes)}  ${target}\n`)
  expect((await adb('pull', target, join(folder, 'pulled'))).code).toBe(0)
  expect(sha256(readFileSync(join(folder, 'pulled')))).toBe(sha256(bytes))
  expect(plugged.phone.pushes()).toEqual([{ path: target, bytes: bytes.length }])
  expect(await plugged.phone.files()).toEqual(new Map([[target, sha256(bytes)]]))
  await adb('shell', 'rm -r /data/local/tmp/folder')
  expect((await plugged.phone.files()).size).toBe(0)
})

test('pull and stat of a missing file', async () => {
  const { code, stderr, stdout } = await adb('pull', '/data/local/tmp/none', folder)
  expect(code).toBe(1)
  expect(stderr + stdout).toContain("failed to stat remote object '/data/local/tmp/none'")
})

test('reverse and forward carry traffic in both directions', async () => {
  const body = 'x'.repeat(3_000_000)
  const http = createServer((_request, response) => response.end(body))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const onPhone = (await adb('reverse', 'tcp:0', `tcp:${port}`)).stdout.trim()
  expect(plugged.phone.reverses()).toEqual([{ device: `tcp:${onPhone}`, host: `tcp:${port}` }])
  const onHost = (await adb('forward', 'tcp:0', `tcp:${onPhone}`)).stdout.trim()
  const responses = await Promise.all(
    [1, 2, 3].map(() => fetch(`http://127.0.0.1:${onHost}/`).then((response) => response.text())),
  )
  for (const text of responses) expect(text).toBe(body)
  await adb('forward', '--remove', `tcp:${onHost}`)
  await adb('reverse', '--remove', `tcp:${onPhone}`)
  expect(plugged.phone.reverses()).toEqual([])
  const again = await adb('reverse', '--remove', `tcp:${onPhone}`)
  expect(again.stderr).toContain(`listener 'tcp:${onPhone}' not found`)
  http.close()
})
