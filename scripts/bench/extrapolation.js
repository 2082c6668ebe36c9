// How honest are predictors about networks unlike those that they were trained on? For each kind: the share
// refused, the share of the others in their 90% intervals, and their MAPE.
//
//   node scripts/bench/extrapolation.js [--models lut,auto,..] [--tables nb201-pixel3,..] [--n 100]
//       [--test 500] [--rows 'slow to fast'] [--resolutions FILE]
//
// - fast to slow: trained on n of the fastest half of a table, tested on its slowest tenth;
// - slow to fast: trained on n of the slowest half, tested on the fastest tenth;
// - small to large cells: trained on the NAS-Bench-101 cells of at most 5 or 6 vertices in a file of
//   fixtures/measured, tested on those of 7;
// - resolutions: FILE (default: that of fixtures/measured) has measured cells at 32x32 and at larger images. The predictors see the features only: the setting alone would be refused by all.
// - ordinary: trained on n random networks, tested on others;
// - slowest: trained on n random networks, tested on the slowest tenth. Where these intervals do not hold
//   either, the latencies do not follow from the features.
//   --rows runs only the rows whose titles contain it. The last column is the share of all tested networks that are neither refused nor in their interval.
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { featurize } from '../../lib/features/dist/index.js'
import { DEFAULT_SETS } from '../../lib/features/dist/names.js'
import { loadPredictor } from '../../lib/predictors/dist/predictor.js'
import { shuffled } from '../../lib/predictors/dist/random.js'
import { trainPredictor } from '../../lib/predictors/dist/train.js'
import { networkOf } from '../../lib/spaces/dist/index.js'
import { readRecords } from '../read-records.js'
import { folder, samplesOf, tables } from './latency-data.js'

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'flops,linear,ridge,lut,additive,gp,gbdt,auto,kernels' },
    tables: { type: 'string' },
    n: { type: 'string', default: '100' },
    test: { type: 'string', default: '500' },
    rows: { type: 'string', default: '' },
    resolutions: {
      type: 'string',
      default: 'fixtures/measured/nb101-resolutions-node-cpu.ndjson.gz',
    },
  },
})
const COUNT = Number(values.n)
const TESTED = Number(values.test)
const SEED = 1

/** Files of measured cells, and the most vertices of their small cells. */
const CELLS = [
  ['nb101-vertices-node-cpu.ndjson.gz', 5],
  ['nb101-f64-node-wasm.ndjson', 6],
  ['nb101-f16-chromium-webgl.ndjson', 6],
]
const LARGE = 7
/** With fewer training networks a row says little. */
const LEAST = 10

for (const [name, most] of CELLS) await benchCells(name, most)
await benchResolutions(values.resolutions)
if (folder) {
  for (const table of values.tables?.split(',') ?? tables()) await benchTable(table)
} else {
  console.log('extrapolation: no measurements in ../shared/latency (or $LETI_LATENCY)')
}

async function benchTable(table) {
  const samples = shuffled(await samplesOf(table), SEED)
  const latencies = samples.map(({ latency_ms }) => latency_ms).sort((a, b) => a - b)
  const at = (share) => latencies[Math.floor(share * latencies.length)]
  const [half, slow, quick] = [0.5, 0.9, 0.1].map(at)
  const fast = samples.filter(({ latency_ms }) => latency_ms <= half).slice(0, COUNT)
  const slowest = samples.filter(({ latency_ms }) => latency_ms >= slow).slice(0, TESTED)
  await printRows(`${table}, fast to slow`, fast, slowest)
  const slower = samples.filter(({ latency_ms }) => latency_ms > half).slice(0, COUNT)
  const fastest = samples.filter(({ latency_ms }) => latency_ms <= quick).slice(0, TESTED)
  await printRows(`${table}, slow to fast`, slower, fastest)
  const random = samples.slice(0, COUNT)
  await printRows(`${table}, ordinary`, random, samples.slice(COUNT, COUNT + TESTED))
  const known = new Set(random)
  const others = slowest.filter((sample) => !known.has(sample))
  await printRows(`${table}, slowest`, random, others)
}

async function benchCells(name, most) {
  const cells = await cellsOf(`fixtures/measured/${name}`)
  const ofSize = (isIn) => cells.filter(({ arch }) => isIn(arch.module_operations.length))
  const small = ofSize((size) => size <= most)
  await printRows(
    `${name}, small to large cells`,
    small,
    ofSize((size) => size === LARGE),
  )
  const random = shuffled(cells, SEED)
  await printRows(`${name}, ordinary`, random.slice(0, COUNT), random.slice(COUNT))
}

async function benchResolutions(file) {
  const cells = await cellsOf(file)
  const sizeOf = ({ arch }) => arch.config?.input_shape?.[0] ?? 32
  const sizes = [...new Set(cells.map(sizeOf))].sort((a, b) => a - b)
  const at = (size) => cells.filter((cell) => sizeOf(cell) === size)
  for (const size of sizes.slice(1)) {
    const known = at(sizes[0]).map((cell) => ({ ...cell, arch: undefined }))
    await printRows(`${sizes[0]} to ${size} pixels`, known, at(size))
  }
}

/** Measured cells as samples. */
async function cellsOf(file) {
  if (!existsSync(file)) return []
  const records = await readRecords(file)
  return records.map(({ id, arch, measurement }) => ({
    id,
    arch,
    ...featurize(networkOf({ id, arch }), { sets: DEFAULT_SETS, kernels: true }),
    latency_ms: measurement.latency_ms.median,
  }))
}

async function printRows(title, training, tested) {
  if (!title.includes(values.rows)) return
  console.log(`\n${title}: ${training.length} for training, ${tested.length} tested`)
  if (training.length < LEAST || !tested.length) return console.log('  too few')
  for (const model of values.models.split(',')) {
    if (model === 'kernels' && !training[0].kernels) continue
    console.log(`  ${model.padEnd(9)} ${await judged(model, training, tested)}`)
  }
}

async function judged(model, samples, tested) {
  const set = { device: 'device', conditions: {}, mixed: [], environment: {}, spaces: [], samples }
  const options = { model, latencyScale: 'linear', folds: 5, seed: SEED }
  const predictor = loadPredictor(JSON.stringify(await trainPredictor(set, options)))
  let [refused, inside, error] = [0, 0, 0]
  for (const { id, features, kernels, latency_ms } of tested) {
    const predicted = attempt(() => predictor.predict({ id, features, kernels }))
    if (!predicted) refused++
    else {
      if (predicted.low_ms <= latency_ms && latency_ms <= predicted.high_ms) inside++
      error += Math.abs(predicted.latency_ms / latency_ms - 1)
    }
  }
  const rest = tested.length - refused
  const share = (part, whole) => `${((100 * part) / whole).toFixed(1)}%`.padStart(6)
  const others = rest ? `in intervals ${share(inside, rest)}  MAPE ${share(error, rest)}` : ''
  const outside = share(rest - inside, tested.length)
  return `refused ${share(refused, tested.length)}  ${others.padEnd(36)}  outside ${outside}`
}

/** `undefined` if the network is out of the domain. */
function attempt(predict) {
  try {
    return predict()
  } catch (error) {
    if (error.code === 'out-of-domain') return undefined
    throw error
  }
}
