import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { records, shell, SMALL, startDeviceRun as start, startTool, until } from './run.js'

// Runs that would disturb each other.

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const FAST = ['-d', 'node', '--max-seconds', '0.05', '--no-verify']
const input = join(folder, 'cells.ndjson')
let files = 0

beforeAll(async () => {
  await shell(`nb101-sample -n 1 ${SMALL} > ${input}`)
})

async function cells(count: number, seed = 0): Promise<string> {
  const file = join(folder, `cells${files++}.ndjson`)
  await shell(`nb101-sample -n ${count} --seed ${seed} ${SMALL} > ${file}`)
  return file
}

const idsOf = (text: string): string[] => records(text).map(({ id }) => id)

test('two runs with one --resume file: the second waits, every record is measured once', async () => {
  const [out, go, said] = ['out.ndjson', 'go', 'said'].map((name) => join(folder, name))
  const [early, late] = [await cells(8, 1), await cells(8, 2)]
  const measure = `device-run ${FAST.join(' ')} --resume ${out}`
  // The first run is not done before `go` exists.
  const records = `(cat ${early}; until [ -e ${go} ]; do sleep 0.1; done; cat ${late})`
  const first = shell(`${records} | ${measure} >> ${out}`)
  await until(() => existsSync(out) && readFileSync(out, 'utf8').includes('\n'))
  const second = shell(`${measure} ${early} ${late} >> ${out} 2> ${said}`)
  await until(() => existsSync(said) && readFileSync(said, 'utf8').includes('waiting'))
  writeFileSync(go, '')
  const outcomes = await Promise.all([first, second])
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0])
  const ids = [early, late].flatMap((file) => idsOf(readFileSync(file, 'utf8')))
  expect(idsOf(readFileSync(out, 'utf8'))).toEqual(ids)
  const [line, ...others] = readFileSync(said, 'utf8').split('\n')
  expect(line).toMatch(/waiting for process \d+, which continues \S+out\.ndjson \(\d measured in/)
  expect(others).toEqual([`device-run: --resume: skipped 16 that ${out} already has`, ''])
})

describe('while another run measures on this computer', () => {
  let holder: ReturnType<typeof start>

  beforeAll(async () => {
    holder = start(['-q', '-d', 'node', '--precision', '0.0001', '--no-verify', await cells(200)])
    await until(() => holder.output().includes('\n'))
  })

  afterAll(() => holder.child.kill('SIGKILL'))

  async function startWaiter(tool = 'device-run', args = [...FAST, input]) {
    const waiter = startTool(tool, args)
    await until(() => waiter.errors().includes('waiting'))
    expect(waiter.errors()).toMatch(
      new RegExp(
        `^${tool}: waiting for process ${holder.child.pid}, which measures on this computer ` +
          String.raw`\(\d+ measured in \d+ (s|min)\); --no-lock does not wait\n$`,
      ),
    )
    expect(waiter.output()).toBe('')
    return waiter
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('a run waits; %s ends it', async (signal) => {
    const waiter = await startWaiter()
    waiter.child.kill(signal)
    expect(await waiter.ended).toBe(130)
  })

  test('fusion-probe waits', async () => {
    const waiter = await startWaiter('fusion-probe', ['-d', 'node', '--pairs', 'conv2d+relu'])
    waiter.child.kill('SIGKILL')
  })

  test('--no-lock measures at once', async () => {
    const other = start([...FAST, '--no-lock', input])
    expect(await other.ended).toBe(0)
    expect(other.errors()).not.toContain('waiting')
    expect(holder.child.exitCode).toBeNull()
  })

  test('kill -9 of the other run lets a run on that waits', async () => {
    const waiter = await startWaiter()
    holder.child.kill('SIGKILL')
    expect(await waiter.ended).toBe(0)
    expect(idsOf(waiter.output())).toEqual(idsOf(readFileSync(input, 'utf8')))
  })
})

test('--resume goes by the number of threads', async () => {
  const out = join(folder, 'threads.ndjson')
  for (const threads of [1, 2, 2]) {
    const { code } = await shell(
      `device-run -q -d chromium --max-seconds 0.1 --no-verify --threads ${threads} --resume ${out} ${input} >> ${out}`,
    )
    expect(code).toBe(0)
  }
  const measured = records(readFileSync(out, 'utf8')).map(({ measurement }) => measurement)
  expect(measured).toMatchObject([
    { threads: 1 },
    { threads: 2, environment: { cross_origin_isolated: true } },
  ])
})

test.each([
  ['-d mine', /unknown device "mine"/],
  ['-d node --threads 2', /--threads: "node" runs tfjs wasm with one thread/],
  ['-d node --cooldown 9', /--cooldown: only phones/],
])('with %s, a --resume file is not touched', async (options, message) => {
  const out = join(folder, 'untouched.ndjson')
  const content = '{"id":"a","measurement":{"device":"node","latency_ms":{}}}\n{"id":"b'
  writeFileSync(out, content)
  const { code, stderr } = await shell(`device-run ${options} --resume ${out} < /dev/null`)
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
  expect(readFileSync(out, 'utf8')).toBe(content)
})
