import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certificateOf } from '../lib/devices/src/targets/web/certificate.js'
import { openFarm } from '../lib/farm/src/index.js'
import { KEYS, presenceKey } from '../lib/farm/src/names.js'
import { openRedis } from '../lib/farm/src/redis.js'
import { startRedis, type TestRedis } from '../lib/farm/src/redis.fixture.js'
import { records, shell, SMALL, startTool } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))

describe('on a Redis with a password', () => {
  const PASSWORD = 'geheim-7'
  let server: TestRedis
  let env: Record<string, string>

  beforeAll(async () => {
    server = await startRedis('--appendonly', 'yes', '--requirepass', PASSWORD)
    env = { LETI_QUEUE: server.url.replace('//', `//:${PASSWORD}@`) }
  })

  afterAll(() => server.stop())

  test('cells are submitted, measured on this host and collected; a record with an error passes', async () => {
    const out = join(folder, 'out.ndjson')
    const failed = '{"id":"z","note":1,"error":{"tool":"other","code":"timeout","message":"late"}}'
    const input = `(nb101-sample -n 2 ${SMALL}; echo '${failed}')`
    const submit = `${input} | farm submit -d node --max-seconds 0.1 --no-verify`
    expect(await shell(submit, { env })).toMatchObject({
      code: 1,
      stderr: 'farm: 2 jobs submitted',
    })
    const worker = startTool('farm', ['work', '-d', 'node'], env)
    const collect = `farm collect --resume ${out} >> ${out}`
    expect(await shell(collect, { env })).toEqual({ code: 1, stdout: '', stderr: '' })
    worker.child.kill('SIGINT')
    expect(await worker.ended).toBe(130)
    expect(worker.errors()).toBe('')
    const found = records(readFileSync(out, 'utf8'))
    expect(found.find(({ id }) => id === 'z')).toMatchObject({ note: 1, error: { tool: 'other' } })
    const measured = found.filter(({ measurement }) => measurement)
    expect(measured).toHaveLength(2)
    expect(measured[0]).toMatchObject({
      measurement: { device: 'node', runtime: expect.stringMatching(/^tfjs@/) as string, visit: 1 },
      farm: { device: 'node', job: expect.stringMatching(/^j/) as string },
    })
    // What is in the file is not submitted again.
    const again = await shell(`${submit} --resume ${out}`, { env })
    expect(again.stderr).toBe('farm: 0 jobs submitted, 3 skipped: they wait or have results')
    const { stdout } = await shell('farm status', { env })
    expect(stdout).toMatch(/^node +0 +0 +2 +0 .*nowhere\n0 results to collect$/m)
  })

  test('no message shows the password', async () => {
    const wrong = { LETI_QUEUE: server.url.replace('//', '//:falsch-8@') }
    for (const verb of ['work -d node', 'status']) {
      const { code, stdout, stderr } = await shell(`farm ${verb} < /dev/null`, { env: wrong })
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain('WRONGPASS')
      expect(stderr).not.toContain('falsch')
    }
  })

  test('a second collector waits, and says for whom', async () => {
    const first = startTool('farm', ['collect', '--follow'], env)
    await expect.poll(async () => (await shell('farm status --json', { env })).code).toBe(0)
    const second = startTool('farm', ['collect'], env)
    const waits = () => [first, second].filter(({ errors }) => errors().includes('waiting'))
    await expect.poll(waits).toHaveLength(1)
    const [waiting] = waits()
    expect(waiting.errors()).toMatch(/^farm: waiting for the collector on \S+ process \d+\n$/)
    for (const { child } of [first, second]) child.kill('SIGINT')
    expect(await Promise.all([first.ended, second.ended])).toEqual([130, 130])
  })
})

test('a Redis that loses its jobs when it is killed is refused', async () => {
  const server = await startRedis('--appendonly', 'no')
  for (const verb of ['submit -d node', 'work -d node']) {
    const { code, stderr } = await shell(`farm ${verb} --queue ${server.url} < /dev/null`)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^farm: --queue: this Redis loses all jobs .*--volatile$/)
  }
  const accepted = await shell(`farm collect --queue ${server.url} --volatile`)
  expect(accepted).toEqual({ code: 0, stdout: '', stderr: '' })
  await server.stop()
})

test('what a stranger writes into a Redis without a password costs itself, and steers no terminal', async () => {
  const server = await startRedis('--appendonly', 'yes')
  const env = { LETI_QUEUE: server.url }
  const farm = await openFarm(server.url, false)
  const { redis } = farm.queues
  const good = '{"id":"a","farm":{"job":"j1"}}'
  for (const line of [
    'no record \u001b[2J',
    '{"note":1}',
    '"a\\nb"',
    good,
    good,
    '{"id":"b",\n"c":1}',
  ]) {
    await redis.xadd(
      KEYS.results,
      '*',
      'job',
      line.startsWith('{"id":"b') ? 'j2' : 'j1',
      'line',
      line,
    )
  }
  await farm.store.pass('j3', '{"id":"c"}')
  const host = {
    role: 'work',
    host: '\u001b[2Jx',
    pid: 1,
    device: 'one',
    state: 'paused',
    detail: 'a\nb',
  }
  await redis.sadd(KEYS.devices, 'one')
  await redis.sadd(KEYS.present, 'x')
  await redis.set(presenceKey('x'), JSON.stringify(host))
  const status = await shell('farm status', { env })
  expect(status.code).toBe(0)
  expect(status.stdout).not.toContain('\u001b')
  const { code, stdout, stderr } = await shell('farm collect', { env })
  expect(code).toBe(1)
  expect(stdout.split('\n')).toEqual([good, '{"id":"b","c":1}', '{"id":"c"}'])
  expect(stderr.split('\n')).toHaveLength(3)
  expect(stderr).not.toContain('\u001b')
  await farm.close()
  await server.stop()
})

test('a Redis over TLS whose certificate no one vouches for gets neither password nor job', async () => {
  const { cert, key } = await certificateOf(
    { name: 'x', target: 'web', runtime: 'tfjs', backend: 'wasm', settings: {} },
    ['127.0.0.1'],
  )
  const got: Buffer[] = []
  const server = createServer({ cert, key }, (socket) =>
    socket.on('data', (data: Buffer) => got.push(data)),
  )
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const refused = openRedis(`rediss://:geheim@127.0.0.1:${port}`)
  await expect(refused).rejects.toMatchObject({ code: 'usage' })
  await expect(refused).rejects.toThrow(/self-signed certificate/)
  expect(got).toEqual([])
  server.close()
})

writeFileSync(join(folder, 'empty.yaml'), '')

test.each([
  ['', /what to do is missing; known: submit, work, models, collect, status/],
  ['submit --pool pixel8=pixel', /--pool pixel8=pixel: give two phones or more/],
  ['work -d node --listen 127.0.0.1', /--listen: "node" is no web device/],
  ['work -d node --models http://lab:8378', /--models takes a folder, or an address such as http/],
  ['models', /--models is missing: the folder to serve/],
  ['models --models . --cert package.json --key package.json', /are no certificate in PEM/],
  ['submit', /--device is missing/],
  ['status --follow', /--follow has no effect on farm status/],
  [`work --devices ${join(folder, 'empty.yaml')}`, /defines no device/],
  ['status --queue http://lab', /--queue takes the address of a Redis/],
])('farm %s is wrong usage, in one line', async (line, message) => {
  const { code, stdout, stderr } = await shell(`farm ${line} < /dev/null`)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(message)
  expect(stderr.split('\n')).toHaveLength(1)
})

test('while everything is killed, unplugged and cut off at random, each record comes out once, and status accounts for it', async () => {
  const { code, stdout, stderr } = await shell('node scripts/soak/farm.js 60')
  expect({ code, stderr: code ? stderr : '' }).toEqual({ code: 0, stderr: '' })
  const { killed, errors, ...counts } = JSON.parse(stdout) as Soak
  expect(counts).toMatchObject({ results: 300, lost: 0, doubled: 0, violations: 0 })
  // One network that kills its worker each time, on three devices.
  expect(errors['poison: device-crashed']).toBe(3)
  const { unplugged, cuts, looks } = counts
  for (const count of [...Object.values(killed), unplugged, cuts, looks]) {
    expect(count).toBeGreaterThan(0)
  }
}, 240_000)

interface Soak {
  readonly killed: Record<'workers' | 'submit' | 'collect' | 'redis', number>
  readonly errors: Record<string, number>
  readonly unplugged: number
  readonly cuts: number
  readonly looks: number
}
