// Kills what a farm is made of, at random, and checks that each record is in the output exactly once, as a measurement or an error:
// workers, the submitter, the collector and Redis itself die as by `kill -9`, phones are unplugged, the network is cut.
// Usage: node scripts/soak/farm.js [SECONDS], an hour by default. It prints its counts, and exits with 1 if a record is lost or doubled.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort, node, Restarted, startProxy } from './processes.js'

const seconds = Number(process.argv[2] ?? 3600)
const isShort = seconds < 600
/** In the short form, the farm notices sooner what has died. */
const timing = {
  lockMs: isShort ? 2000 : 12_000,
  stalledMs: isShort ? 500 : 5000,
  probeMs: 500,
  freshMs: 500,
  presenceMs: 1000,
  watchdogMs: isShort ? 1000 : 15_000,
  answerMs: isShort ? 1000 : 5000,
}
const DEVICES = ['synthetic-a', 'synthetic-b', 'synthetic-c']
/** Time of one synthetic measurement, ms. */
const ms = isShort ? [20, 120] : [50, 450]
const RECORDS = Math.round((0.35 * seconds * 1000) / ((ms[0] + ms[1]) / 2))
const POISONS = isShort ? 1 : 5
const CUT_MS = isShort ? 3000 : 20_000

const folder = mkdtempSync(join(tmpdir(), 'leti-soak-'))
const input = join(folder, 'in.ndjson')
const output = join(folder, 'out.ndjson')
const FARM = fileURLToPath(new URL('../../tools/farm/bin/farm.cjs', import.meta.url))
const WORKER = fileURLToPath(new URL('worker.js', import.meta.url))
const isLoud = process.env.LOUD !== undefined

const port = await freePort()
const proxy = await startProxy(port)
const urlOf = (number) => `redis://127.0.0.1:${number}`
const env = { LETI_QUEUE: urlOf(port) }

const ids = Array.from({ length: RECORDS }, (_, index) =>
  index % Math.ceil(RECORDS / POISONS) === 10 ? `poison-${index}` : `network-${index}`,
)
writeFileSync(input, ids.map((id) => `{"id":"${id}","arch":{"space":"synthetic"}}\n`).join(''))
writeFileSync(output, '')

const redisOptions = [
  '--port',
  port,
  '--bind',
  '127.0.0.1',
  '--dir',
  folder,
  '--appendonly',
  'yes',
  '--save',
  '',
]
const redis = new Restarted(() => spawn('redis-server', redisOptions, { stdio: 'ignore' }))
await delay(500)
const worker = (number) => {
  const options = { url: urlOf(number), devices: DEVICES, folder, timing, ms }
  return new Restarted(() => node([WORKER, JSON.stringify(options)], { isLoud }))
}
const workers = [worker(port), worker(proxy.port)]
const submit = new Restarted(() =>
  node([FARM, 'submit', '-d', DEVICES.join(','), '--resume', output, input], { env, isLoud }),
)
const collector = () => {
  const out = openSync(output, 'a')
  return node([FARM, 'collect', '--follow', '--resume', output], { stdout: out, env, isLoud })
}
const collect = new Restarted(collector)

const counts = { unplugged: 0, cuts: 0, looks: 0 }
const random = (items) => items[Math.floor(Math.random() * items.length)]

async function unplug() {
  counts.unplugged++
  const file = join(folder, `${random(DEVICES)}.unplugged`)
  writeFileSync(file, '')
  await delay(1000 + 2000 * Math.random())
  rmSync(file, { force: true })
}

async function cut() {
  counts.cuts++
  proxy.cut()
  await delay(CUT_MS)
  proxy.mend()
}

/** What `farm status` says must hold at every moment. */
function look() {
  const { devices } = JSON.parse(
    execFileSync(process.execPath, [FARM, 'status', '--json'], { env: { ...process.env, ...env } }),
  )
  counts.looks++
  for (const { device, active, waiting } of devices) {
    if (active > 1) throw new Error(`${device} measures ${active} networks at once`)
    if (waiting > RECORDS)
      throw new Error(`${device} has ${waiting} of ${RECORDS} networks waiting`)
  }
  return devices
}

const disturbances = [
  () => random(workers).kill(),
  () => random(workers).kill(),
  () => collect.kill(),
  () => submit.kill(),
  () => redis.kill(),
  () => void unplug(),
  () => void unplug(),
  cut,
]
// Each is had once, then they come at random.
const end = performance.now() + seconds * 600
const pause = isShort ? 1500 : 8000
for (let index = 0; performance.now() < end; index++) {
  await (disturbances[index] ?? random(disturbances))()
  await delay(pause * (0.5 + Math.random()))
}
look()

// Calm: everything that is left is done.
await submit.running
await collect.end('SIGKILL')
const last = new Restarted(() =>
  node([FARM, 'collect', '--resume', output], { stdout: openSync(output, 'a'), env, isLoud: true }),
)
// Its exit code is 1, since records have errors.
last.isWanted = false
await last.running
const devices = look()
await Promise.all(workers.map((one) => one.end()))
await redis.end()
proxy.close()

const found = new Map()
let errors = 0
for (const line of readFileSync(output, 'utf8').split('\n').filter(Boolean)) {
  const { id, error, farm } = JSON.parse(line)
  const key = `${id} ${farm.device}`
  found.set(key, (found.get(key) ?? 0) + 1)
  if (error) errors++
}
const wanted = ids.flatMap((id) => DEVICES.map((device) => `${id} ${device}`))
const lost = wanted.filter((key) => !found.has(key))
const doubled = [...found].filter(([, count]) => count > 1).map(([key]) => key)
const killed = {
  workers: workers[0].kills + workers[1].kills,
  submit: submit.kills,
  collect: collect.kills,
  redis: redis.kills,
}
const status = devices.map(({ waiting, active, set_aside }) => ({ waiting, active, set_aside }))
console.log(
  JSON.stringify({
    results: found.size,
    errors,
    lost: lost.length,
    doubled: doubled.length,
    killed,
    ...counts,
    status,
  }),
)
if (lost.length || doubled.length) {
  console.error(`lost: ${lost.slice(0, 10)}; doubled: ${doubled.slice(0, 10)}; see ${folder}`)
  process.exit(1)
}
rmSync(folder, { recursive: true, force: true })
process.exit(0)
