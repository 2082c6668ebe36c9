import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { records, shell, SMALL, startDeviceRun, until } from './run.js'

// However a run of device-run ends, it leaves no process and no file.

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const cells = join(folder, 'cells.ndjson')
const devices = join(folder, 'devices.yaml')
const hanging = join(folder, 'hanging')
/** Holds the temporary files of the runs of one test. */
let temporary: string

const one = join(folder, 'one.ndjson')
/** A network whose model takes long to make. */
const vgg = join(folder, 'vgg.ndjson')
/** A network whose CPU reference takes long. */
const large = join(folder, 'large.ndjson')

await shell(
  `nb101-sample -n 5 ${SMALL} > ${cells}; head -1 ${cells} > ${one}; nb101-sample -n 1 --input-shape 64x64x3 > ${large}; ` +
    `gen-model --zoo vgg16 > ${vgg}`,
)
writeFileSync(hanging, '#!/bin/sh\nsleep 1000')
chmodSync(hanging, 0o755)

beforeEach(() => {
  // Not in the other folder: the paths of Chromium's sockets must be short.
  temporary = mkdtempSync(join(tmpdir(), 'leti-t-'))
  define(`executable: ${hanging}`)
})

afterEach(() => {
  for (const { child } of started.splice(0)) child.kill('SIGKILL')
  rmSync(temporary, { recursive: true, force: true })
})
afterAll(() => rmSync(folder, { recursive: true }))

const started: ReturnType<typeof startDeviceRun>[] = []

function start(args: string[]) {
  const run = startDeviceRun(['-q', '--devices', devices, ...args], { TMPDIR: temporary })
  started.push(run)
  return run
}

function define(device: string): void {
  writeFileSync(devices, `mine: { target: chromium, ${device} }`)
}

interface Process {
  readonly pid: number
  readonly group: number
  readonly command: string
}

/** The processes of the groups that a run has started. */
async function processesOf(parent: number): Promise<Process[]> {
  const { stdout } = await shell('ps -A -o pid=,ppid=,pgid=,stat=,args=')
  const all = stdout.split('\n').flatMap((line) => {
    const [, pid, ppid, group, state, command] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    // What has ended is still listed until its parent asks for it.
    return pid && !state.startsWith('Z')
      ? [{ pid: Number(pid), parent: Number(ppid), group: Number(group), command }]
      : []
  })
  const groups = new Set(all.filter((one) => one.parent === parent).map(({ group }) => group))
  return all.filter(({ group }) => groups.has(group))
}

async function expectNothingLeft(groups: readonly Process[]): Promise<void> {
  const ids = new Set(groups.map(({ group }) => group))
  const left = async () =>
    (await shell('ps -A -o pgid=,stat=')).stdout
      .split('\n')
      .filter((line) => !line.includes('Z') && ids.has(Number(line.trim().split(' ')[0])))
  await expect.poll(left).toEqual([])
}

describe('a browser that does not answer', () => {
  test.each([
    ['a program that hangs', `executable: ${hanging}`, /not done in 2 s \(--timeout\)$/],
    ['a folder', 'executable: /tmp', /: \/tmp is not an executable file; correct "executable"/],
    [
      'another program',
      'executable: /bin/false',
      /: cannot open the browser: the browser died \(exit code 1\)$/,
    ],
    ['nothing', 'endpoint: "ws://127.0.0.1:1/x"', /: Chrome does not answer: .*ECONNREFUSED/],
  ])('%s: one line, and the run ends', async (name, device, message) => {
    define(device)
    const timeout = name === 'a program that hangs' ? '2' : '30'
    const run = start(['-d', 'mine', '--timeout', timeout, cells])
    expect(await run.ended).toBe(2)
    expect(run.errors().trim()).toMatch(message)
    expect(run.errors().trim()).not.toMatch(/\n|object/)
    expect(run.output()).toBe('')
    expect(readdirSync(temporary)).toEqual([])
  })

  test.each([
    ['before the handshake', () => createServer().listen(0, '127.0.0.1')],
    ['after it', () => new WebSocketServer({ port: 0, host: '127.0.0.1' })],
  ])('an endpoint that hangs %s', async (_when, listen) => {
    const server = listen()
    await once(server, 'listening')
    try {
      define(`endpoint: "ws://127.0.0.1:${(server.address() as AddressInfo).port}/x"`)
      const run = start(['-d', 'mine', '--timeout', '2', cells])
      expect(await run.ended).toBe(2)
      expect(run.errors().trim()).toMatch(/: not done in 2 s \(--timeout\)$/)
    } finally {
      server.close()
    }
  })
})

test('a process of Chromium that is stopped does not keep the run from ending', async () => {
  const run = start(['-d', 'chromium', '--max-seconds', '0.3', cells])
  await until(() => run.output().includes('\n'))
  const processes = await processesOf(run.child.pid as number)
  for (const { pid, command } of processes) {
    if (command.includes('--type=zygote')) process.kill(pid, 'SIGSTOP')
  }
  expect(await run.ended).toBe(0)
  expect(records(run.output())).toHaveLength(5)
  await expectNothingLeft(processes)
  expect(readdirSync(temporary)).toEqual([])
})

const SLOW = ['--max-seconds', '5', '--precision', '0.0001']

describe('a run that is interrupted', () => {
  const runs =
    (command: string, count = 1) =>
    (processes: readonly Process[]) =>
      processes.filter((one) => one.command.includes(command)).length >= count
  const isMakingFiles = () =>
    readdirSync(temporary, { recursive: true }).join().includes('.leti-part-')
  test.each([
    ['while the browser opens', ['-d', 'mine', cells], runs('sleep 1000')],
    ['while a model is made', ['-d', 'node', vgg], isMakingFiles],
    ['while Node measures', ['-d', 'node', ...SLOW, cells], runs('models/worker.js')],
    ['while the outputs are verified', ['-d', 'node', large], runs('targets/node/worker.js', 2)],
    ['while Chromium measures', ['-d', 'chromium', ...SLOW, cells], runs('models/worker.js')],
  ])('%s: nothing is left', async (_name, args, isThere) => {
    const run = start(args)
    const pid = run.child.pid as number
    await until(async () => isThere(await processesOf(pid)))
    const processes = await processesOf(pid)
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(130)
    await expectNothingLeft(processes)
    expect(readdirSync(temporary)).toEqual([])
  })
})

test.each(['node', 'chromium'])(
  'kill -9 on %s: no process is left, and the next run removes the files',
  async (device) => {
    const run = start(['-d', device, ...SLOW, cells])
    const pid = run.child.pid as number
    await until(() => readdirSync(temporary, { recursive: true }).join().includes('model.json'))
    const processes = await processesOf(pid)
    run.child.kill('SIGKILL')
    await run.ended
    await expectNothingLeft(processes)
    expect(readdirSync(temporary)).toHaveLength(1)
    expect(await start(['-d', 'node', '--max-seconds', '0.1', one]).ended).toBe(0)
    expect(readdirSync(temporary)).toEqual([])
  },
)

test('a model that does not fit on the disk costs one record', async () => {
  const file = join(folder, 'mixed.ndjson')
  await shell(`(head -1 ${cells}; cat ${vgg}; tail -1 ${cells}) > ${file}`)
  // A limit on the size of files stands for a small disk.
  const { code, stdout, stderr } = await shell(
    `ulimit -f 2000; device-run -q -d node --max-seconds 0.1 ${file}`,
    { env: { TMPDIR: temporary } },
  )
  expect(code).toBe(1)
  expect(records(stdout).map(({ error }) => error?.code)).toEqual([
    undefined,
    'model-failed',
    undefined,
  ])
  expect(stderr).toMatch(
    /mixed\.ndjson:2: the files of the model do not fit into .*; set TMPDIR to/,
  )
  expect(readdirSync(temporary)).toEqual([])
})
