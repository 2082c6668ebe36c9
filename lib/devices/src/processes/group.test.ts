import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { ProcessGroup } from './group.js'
import { statOf } from '@leti/records/files'

/** Runs a line of shell as a group. */
function group(line: string): ProcessGroup {
  return new ProcessGroup('sh', ['-c', line], { name: 'the program', channels: ['pipe', 'pipe'] })
}

/** The number of a process that the line tells on its file descriptor 4. */
async function told({ process }: ProcessGroup): Promise<number> {
  const [text] = (await once(process.stdio[4] as Readable, 'data')) as [Buffer]
  return Number(text.toString())
}

/** Whether a process runs; one that has ended but whose parent did not ask for it does not. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return statOf(pid)?.state !== 'Z'
}

test('a child that is stopped ends with its group', async () => {
  const program = group('sleep 1000 & kill -STOP $!; echo $! >&4; wait')
  const child = await told(program)
  expect(isRunning(child)).toBe(true)
  await program.end()
  await expect.poll(() => isRunning(child)).toBe(false)
})

test('the children of a program that ends end too', async () => {
  const program = group('sleep 1000 & echo $! >&4')
  const child = await told(program)
  await expect.poll(() => program.ending.reason?.message).toBe('the program died (exit code 0)')
  await expect.poll(() => isRunning(child)).toBe(false)
})

test('a program that cannot be started', async () => {
  const program = new ProcessGroup('/no/such/program', [], {
    name: 'the program',
    channels: ['pipe', 'pipe'],
  })
  await expect.poll(() => program.ending.reason?.code).toBe('device-crashed')
  await program.end()
  expect(program.lastWords).toContain('not found')
})

test('the memory of all of its processes counts', async () => {
  const grow = 'const held = []; for (;;) held.push(Buffer.alloc(2 ** 24, 1))'
  const program = new ProcessGroup('sh', ['-c', '"$0" -e "$1" & wait', process.execPath, grow], {
    name: 'the program',
    channels: ['pipe', 'pipe'],
    memoryLimit: 2 ** 28,
  })
  await expect
    .poll(() => program.ending.reason?.message)
    .toMatch(/^the program took [\d.]+ GiB of memory; the limit is 0\.25 GiB$/)
})
