import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { lockAddress } from './address.js'
import type { Holder } from './holder.js'
import { listenAt } from './listen.js'
import { takeLock, type Lock } from './lock.js'

const held: Lock[] = []
const children: ChildProcess[] = []
const NOT_STOPPED = new AbortController().signal
let names = 0

afterEach(() => {
  for (const lock of held.splice(0)) lock.release()
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

const newName = (): string => `test ${process.pid} ${++names}`

async function take(name: string, signal = NOT_STOPPED, waits: (Holder | undefined)[] = []) {
  const lock = await takeLock(name, {
    signal,
    measured: () => 7,
    onWait: (holder) => waits.push(holder),
  })
  held.push(lock)
  return lock
}

/** A process that holds an address until it is killed. */
async function otherHolder(address: string): Promise<ChildProcess> {
  const code = `require('net').createServer().listen(${JSON.stringify(address)}, () => console.log('held'))`
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  await once(child.stdout, 'data')
  return child
}

test('the second waits for the first, and is told its pid and how far it is', async () => {
  const name = newName()
  const first = await take(name)
  const waits: (Holder | undefined)[] = []
  let taken = false
  const second = take(name, NOT_STOPPED, waits).then(() => (taken = true))
  await vi.waitFor(() => expect(waits).toHaveLength(1))
  expect(waits[0]).toMatchObject({ pid: process.pid, measured: 7 })
  expect(Date.now() - (waits[0]?.since ?? 0)).toBeLessThan(60_000)
  expect(taken).toBe(false)
  first.release()
  await second
})

test('of many that wait, one has the lock at a time, and each gets it', async () => {
  const name = newName()
  let holders = 0
  let most = 0
  const runs = Array.from({ length: 8 }, async () => {
    const lock = await takeLock(name, {
      signal: NOT_STOPPED,
      measured: () => 0,
      onWait: () => undefined,
    })
    most = Math.max(most, ++holders)
    await new Promise((resolve) => setTimeout(resolve, 5))
    holders--
    lock.release()
  })
  await Promise.all(runs)
  expect(most).toBe(1)
})

test('locks of other names and of another scope are free', async () => {
  const name = newName()
  await take(name)
  await take(newName())
  vi.stubEnv('LETI_LOCK_SCOPE', 'another')
  try {
    await take(name)
  } finally {
    vi.unstubAllEnvs()
  }
})

test('kill -9 of the holder frees the lock', async () => {
  const name = newName()
  const holder = await otherHolder(lockAddress(name))
  const second = take(name)
  holder.kill('SIGKILL')
  await second
})

test('a signal ends the waiting', async () => {
  const name = newName()
  await take(name)
  const stop = new AbortController()
  const waits: (Holder | undefined)[] = []
  const second = take(name, stop.signal, waits)
  await vi.waitFor(() => expect(waits).toHaveLength(1))
  stop.abort(new Error('stopped'))
  await expect(second).rejects.toThrow('stopped')
  await expect(take(name, stop.signal)).rejects.toThrow('stopped')
})

test('a holder that says something else, or nothing, is waited for as an unknown one', async () => {
  for (const said of ['"hello"\n', '{"pid":"1; rm"}\n', 'x'.repeat(100_000), undefined]) {
    const name = newName()
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      if (said) socket.write(said)
    })
    await once(server.listen(lockAddress(name)), 'listening')
    const stop = new AbortController()
    const waits: (Holder | undefined)[] = []
    const second = take(name, stop.signal, waits)
    await vi.waitFor(() => expect(waits).toEqual([undefined]), { timeout: 30_000 })
    stop.abort(new Error('stopped'))
    await expect(second).rejects.toThrow('stopped')
    server.close()
  }
})

test('an address in the file system: what a killed holder leaves is replaced, a live one is not', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'leti-lock-')), 'socket')
  const holder = await otherHolder(path)
  expect(await listenAt(path)).toBeUndefined()
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const server = await listenAt(path)
  expect(server).toBeDefined()
  server?.close()
})

test('each platform has an address that its kernel accepts', () => {
  expect(lockAddress('a', 'linux')).toMatch(/^\0leti-lock-[0-9a-f]{32}$/)
  expect(lockAddress('a', 'win32')).toMatch(/^\\\\\.\\pipe\\leti-lock-[0-9a-f]{32}$/)
  expect(lockAddress('a', 'darwin')).toMatch(/\/leti-lock-[0-9a-f]{32}$/)
  // A socket's path on macOS has at most 103 bytes; its temporary folders have 49.
  expect(lockAddress('a', 'darwin').length - tmpdir().length).toBeLessThan(50)
})
