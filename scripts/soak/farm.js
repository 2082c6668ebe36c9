// Kills what a farm is made of, at random, and checks that each record is in the output exactly once, as a measurement or an error, and
// that `farm status` accounts for each at every moment. Workers, the submitter, the collector and Redis itself die as by `kill -9`,
// phones are unplugged, networks are cut, and some records kill whoever measures them.
// Usage: node scripts/soak/farm.js [SECONDS], an hour by default. It prints its counts, and exits with 1 if anything is wrong.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { countOutput, kindsOf, Memory } from './counts.js'
import { openLab } from './lab.js'

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
const MS = isShort ? [150, 450] : [50, 450]
/** Records for each device at first; the hour's are more than a queue takes. */
const FIRST = isShort ? 100 : 2000
/** Records that are added whenever few wait, in the hour's form. */
const MORE = 150
/** One network of so many kills its worker each time. */
const POISON_EVERY = isShort ? FIRST : 700
/** The shortest cut: after 20 s of silence, a connection is given up. */
const CUT_MS = isShort ? 3000 : 20_000
/** Mean time between two disturbances, ms. */
const PAUSE_MS = isShort ? 4000 : 8000
const disturbedMs = seconds * (isShort ? 600 : 960)

const lab = await openLab({
  devices: DEVICES,
  timing,
  ms: MS,
  isPoison: (number) => number % POISON_EVERY === 10,
})
const { folder, ids, networks, status } = lab
const counts = { unplugged: 0, cuts: 0 }
const random = (items) => items[Math.floor(Math.random() * items.length)]

async function feedUntil(end) {
  await lab.feed(FIRST, isShort)
  while (!isShort && performance.now() < end) {
    if (status.last.some(({ waiting }) => waiting < MORE / 3)) await lab.feed(MORE)
    else await delay(1000)
  }
}

async function unplug() {
  counts.unplugged++
  const file = join(folder, `${random(DEVICES)}.unplugged`)
  writeFileSync(file, '')
  await delay(1000 + 2000 * Math.random())
  rmSync(file, { force: true })
}

let cutting = Promise.resolve()
/** Cuts one network, the first time all. Meanwhile, other things go wrong too. */
function cut() {
  cutting = cutting.then(async () => {
    const all = Object.values(networks)
    const some = counts.cuts++ ? [random(all)] : all
    lab.isCut = true
    for (const network of some) network.cut()
    await delay(CUT_MS * (1 + Math.random() / 2))
    for (const network of some) network.mend()
    lab.isCut = false
    lab.unsettle()
  })
}

function killRedis() {
  lab.redis.kill()
  lab.unsettle()
}

const disturbances = [
  () => random(lab.workers).kill(),
  () => lab.collect.kill(),
  cut,
  () => lab.submit.kill(),
  killRedis,
  () => random(lab.workers).kill(),
  () => void unplug(),
  () => void unplug(),
]
const memory = new Memory()
const end = performance.now() + disturbedMs
const feeding = feedUntil(end - 60_000)
// Each is had once, then they come at random.
for (let index = 0; performance.now() < end; index++) {
  await delay(PAUSE_MS * (0.5 + Math.random()))
  const disturb = disturbances[index] ?? random(disturbances)
  disturb()
  const { redis, workers, collect } = lab
  memory.look({ redis: redis.child.pid, worker: workers[0].child.pid, collect: collect.child.pid })
}

// Calm: everything that is left is done.
await cutting
await feeding
await lab.finish()
const devices = await status.fresh()
await lab.end()

const found = countOutput(lab.output, join(folder, 'measured'), ids, DEVICES)
const { looks, violations } = status
for (const { device, waiting, active, done, set_aside } of devices) {
  const aside = found.aside(device)
  const isRight = !waiting && !active && done === ids.length - aside && set_aside === aside
  if (!isRight) violations.push(`end: ${device}: ${waiting}, ${active}, ${done}, ${set_aside}`)
}
const { results, errors, lost, doubled, again } = found
const wrong = { lost, doubled, violations }
const killed = {
  workers: lab.workers[0].kills + lab.workers[1].kills,
  submit: lab.submitKills,
  collect: lab.collect.kills,
  redis: lab.redis.kills,
}
const numbers = Object.entries(wrong).map(([what, { length }]) => [what, length])
const told = { results, ...Object.fromEntries(numbers), errors, measured_again: again }
console.log(JSON.stringify({ ...told, killed, ...counts, looks, most_mb: memory.most }))
if (lost.length || doubled.length || violations.length) {
  for (const [what, items] of Object.entries(wrong)) {
    console.error(`${what}: ${kindsOf(items).slice(0, 10).join('; ')}`)
  }
  console.error(`see ${folder}`)
  process.exit(1)
}
rmSync(folder, { recursive: true, force: true })
process.exit(0)
