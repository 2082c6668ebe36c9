// Would the making of the next model disturb a measurement on this computer? Slots of inference (TensorFlow.js wasm in
// Node), each in turn with and without a process that makes models meanwhile; the two slots of a pair follow each other.
// Prints the ratio of their medians, over all pairs, with its 95% interval. Run it on a quiet machine.
//
//   node scripts/bench/disturbance.js [--pairs 40] [--seconds 1] [--clocks wall,cpu]
import './tools-on-path.js'
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { WORKER } from '../../lib/devices/dist/locations.js'
import { ModelMaker } from '../../lib/devices/dist/models/maker.js'
import { RecordModel } from '../../lib/devices/dist/models/record-model.js'
import { startWorker } from '../../lib/devices/dist/processes/worker.js'
import { median, medianInterval } from '../../lib/devices/dist/statistics.js'

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '1' },
    clocks: { type: 'string', default: 'wall,cpu' },
  },
})

/** Runs of one call of the worker. */
const BATCH = 3
const never = new AbortController().signal
const lines = execFileSync('nb101-sample', ['-n', '4', '--seed', '1'], { encoding: 'utf8' })
const [, measured, ...others] = lines.trim().split('\n').map(JSON.parse)

const maker = new ModelMaker()
const model = new RecordModel(measured, maker)
const path = await model.file('tfjs', never)
for (const clock of values.clocks.split(',')) await bench(clock)
await model.remove()
await maker.close()

async function bench(clock) {
  const worker = startWorker(WORKER, { name: 'the Node process' })
  await worker.call('start', 'tfjs', 'wasm', clock)
  await worker.call('load', path)
  await worker.call('infer', 10)
  const ratios = []
  let made = 0
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    const slots = [await slot(worker, pair % 2 > 0), await slot(worker, pair % 2 === 0)]
    const [quiet, making] = pair % 2 ? slots.reverse() : slots
    ratios.push(making.latency / quiet.latency)
    made += making.made
  }
  await worker.end()
  const sorted = ratios.sort((a, b) => a - b)
  const [low, high] = medianInterval(sorted) ?? [NaN, NaN]
  const percent = (ratio) => `${(100 * (ratio - 1)).toFixed(2)}%`
  console.log(
    `${clock} clock: slower by ${percent(median(sorted))} (${percent(low)} to ${percent(high)}) while models are made; ${sorted.length} pairs, ${made} models`,
  )
}

/** The median latency while models are made, or not. */
async function slot(worker, making) {
  const end = performance.now() + 1000 * Number(values.seconds)
  const models = making ? makeUntil(end) : 0
  const latencies = []
  while (performance.now() < end) latencies.push(...(await worker.call('infer', BATCH)))
  return { latency: median(latencies), made: await models }
}

async function makeUntil(end) {
  let made = 0
  for (; performance.now() < end; made++) {
    const other = new RecordModel(others[made % others.length], maker)
    await other.file('tfjs', never)
    await other.remove()
  }
  return made
}
