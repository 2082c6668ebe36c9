// How many results a second go through one Redis: 20 synthetic devices that take 5 ms a network, in one worker process, with the
// collector in this one. Also what a job takes beyond its 5 ms on one device alone, and the memory of a job that waits.
// Usage: node scripts/bench/farm.js
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Collector, openFarm, Submitter, TIMING } from '../../lib/farm/dist/index.js'
import { freePort, node } from '../soak/processes.js'

const MS = 5
const PROTOCOL = {
  precision: 0.02,
  max_seconds: 10,
  timeout: 120,
  verify: true,
  samples: false,
  full_delegation: false,
}
/** A cell of NAS-Bench-101 of the usual size. */
const ARCH = {
  space: 'nb101',
  module_adjacency: Array.from({ length: 7 }, () => [0, 1, 1, 0, 1, 0, 1]),
  module_operations: ['input', ...Array(5).fill('conv3x3-bn-relu'), 'output'],
}

const folder = mkdtempSync(join(tmpdir(), 'leti-bench-'))
const port = await freePort()
const redis = spawn(
  'redis-server',
  ['--port', port, '--dir', folder, '--appendonly', 'yes', '--save', ''],
  {
    stdio: 'ignore',
  },
)
await delay(1000)
const url = `redis://127.0.0.1:${port}`
const worker = fileURLToPath(new URL('../soak/worker.js', import.meta.url))

console.log('devices  results  results/s  ms/job beyond 5  bytes/job waiting  commands/result')
for (const [count, each] of [
  [1, 500],
  [20, 500],
]) {
  await measure(count, each)
}
redis.kill()
rmSync(folder, { recursive: true, force: true })
process.exit(0)

async function measure(count, each) {
  const farm = await openFarm(url, false)
  const { queues, store } = farm
  await queues.redis.flushall()
  const devices = Array.from({ length: count }, (_, index) => `synthetic-${index}`)
  await queues.declare(devices)
  const before = await info(queues.redis, 'memory', 'used_memory')
  const signal = new AbortController().signal
  const submitter = new Submitter(queues, store, {
    devices,
    protocol: PROTOCOL,
    visit: 1,
    finished: new Set(),
    signal,
  })
  for (let index = 0; index < each; index++)
    await submitter.add({ id: `network-${index}`, arch: ARCH })
  await submitter.flush()
  const bytes = ((await info(queues.redis, 'memory', 'used_memory')) - before) / (count * each)
  const commands = await info(queues.redis, 'stats', 'total_commands_processed')
  const options = { url, devices, folder, timing: TIMING, ms: [MS, MS] }
  const child = node([worker, JSON.stringify(options)], { isLoud: true })
  const collector = new Collector(queues, store, { follow: false, signal, say: () => {} })
  await collector.start()
  let results = 0
  let start = 0
  let last = 0
  let first = 0
  for await (const batch of collector.batches()) {
    last = performance.now()
    if (!start) {
      start = last
      first = batch.length
    }
    results += batch.length
    await store.remove(batch)
  }
  const seconds = (last - start) / 1000
  const rate = (results - first) / seconds
  const used = (await info(queues.redis, 'stats', 'total_commands_processed')) - commands
  const cells = [
    count,
    results,
    rate.toFixed(0),
    ((1000 * count) / rate - MS).toFixed(1),
    bytes.toFixed(0),
    (used / results).toFixed(1),
  ]
  console.log(cells.join('  '))
  child.kill('SIGKILL')
  await collector.end()
  await farm.close()
}

async function info(connection, section, name) {
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(await connection.info(section))[1])
}
