// Measures the accuracy of each kind of predictor on published latencies of phones, their GPUs and DSPs,
// boards and servers: mean and standard deviation over random splits with fixed seeds. The test set is all
// networks outside the training set.
//
//   node scripts/bench/predictors.js [--devices nb201-pixel3,..] [--models auto,..]
//       [--n 100,900] [--splits 5]
//
// mlp and gcn take minutes to train: they run only if named, and are tested on 1,000 networks.
import { parseArgs } from 'node:util'
import { holds, reachOf } from '../../lib/predictors/dist/conformal.js'
import { parseFeatureName } from '../../lib/records/dist/index.js'
import { findKind, PREDICTOR_KINDS } from '../../lib/predictors/dist/kinds/index.js'
import { median } from '../../lib/predictors/dist/linear-algebra.js'
import { metricsOf } from '../../lib/predictors/dist/metrics.js'
import { shuffled } from '../../lib/predictors/dist/random.js'
import { trainPredictor } from '../../lib/predictors/dist/train.js'
import { folder, samplesOf, tables } from './latency-data.js'

const { values } = parseArgs({
  options: {
    devices: { type: 'string' },
    models: { type: 'string', default: 'flops,lut,additive,gbdt,gp,auto' },
    n: { type: 'string', default: '100,900' },
    splits: { type: 'string', default: '5' },
  },
})

/** The features that gcn reads, and `path`, which identifies the cells that run nothing. */
const GRAPH_SETS = ['proxies', 'path', 'graph']
const SLOW = ['mlp', 'gcn']
const SLOW_TEST = 1000

/** Training sets of at least this size are cross-validated with fewer folds. */
const MANY = 300

/** Scopes of the features that depend only on the executed kernels. */
const EXECUTED = ['executed', 'path', 'sibling', 'stage']
/** Smallest group of networks with the same executed kernels. */
const ALIKE = 4

if (!folder) {
  console.log('predictors: skipped, no measurements in ../shared/latency (or $LETI_LATENCY)')
} else {
  await bench()
}

async function bench() {
  console.log(
    'MAPE, median APE, within 10%, Spearman; for auto also the coverage of 90% intervals;',
  )
  console.log(
    'mean ± standard deviation over splits; ms to fit, microseconds to predict one network, kB of file',
  )
  for (const table of values.devices?.split(',') ?? tables()) {
    await printAlike(table)
    for (const count of values.n.split(',').map(Number)) {
      console.log(`\n${table}, ${count} networks for training`)
      for (const kind of values.models.split(',')) {
        const samples = await samplesOf(table, kind === 'gcn' ? GRAPH_SETS : undefined)
        console.log(await row(kind, samples, count))
      }
    }
  }
}

/** Prints how far the latencies of networks differ whose features say that they run the same kernels. */
async function printAlike(table) {
  const groups = new Map()
  for (const { features, latency_ms } of await samplesOf(table)) {
    const key = JSON.stringify(
      Object.entries(features).filter(([name]) => EXECUTED.includes(parseFeatureName(name).scope)),
    )
    groups.set(key, [...(groups.get(key) ?? []), latency_ms])
  }
  const errors = [...groups.values()]
    .filter((alike) => alike.length >= ALIKE)
    .flatMap((alike) =>
      alike.map((latency, i) => Math.abs(median(alike.filter((_, j) => j !== i)) / latency - 1)),
    )
  if (!errors.length) return
  const mape = (100 * errors.reduce((sum, error) => sum + error, 0)) / errors.length
  console.log(`\n${table}: ${errors.length} networks with ${ALIKE - 1} or more that run the same,`)
  console.log(`  each predicted by the median of those: MAPE ${mape.toFixed(2)}`)
}

async function row(kind, samples, count) {
  const results = []
  for (let seed = 0; seed < Number(values.splits); seed++) {
    const order = shuffled(samples, seed)
    const end = SLOW.includes(kind) ? count + SLOW_TEST : order.length
    results.push(await judge(kind, order.slice(0, count), order.slice(count, end), seed))
  }
  const cell = (name, digits, width) => {
    const all = results.map((result) => result[name])
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length
    const squares = all.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    const std = Math.sqrt(squares / Math.max(1, all.length - 1))
    return (
      Number.isFinite(mean) && `${mean.toFixed(digits).padStart(width)} ± ${std.toFixed(digits)}`
    )
  }
  const cells = [
    cell('mape_percent', 2, 6),
    cell('median_ape_percent', 2, 6),
    cell('within_10_percent', 1, 5),
    cell('spearman_rho', 3, 5),
    cell('coverage', 3, 5) || '',
    `${mean(results, 'fit_ms').toFixed(0)} ms`.padStart(9),
    `${mean(results, 'predict_us').toFixed(1)} us`.padStart(10),
    `${mean(results, 'file_kb').toFixed(0)} kB`.padStart(9),
  ]
  return `  ${kind.padEnd(8)} ${cells.join('   ')}`
}

async function judge(kind, train, test, seed) {
  const start = performance.now()
  const options = { latencyScale: 'linear', seed }
  const { model, conformal } =
    kind === 'auto'
      ? await auto(train, options)
      : { model: await PREDICTOR_KINDS[kind].fit(train, options) }
  const fitted = performance.now()
  const predicted = test.map((sample) => model.estimate(sample.features))
  const done = performance.now()
  const measured = test.map((sample) => sample.latency_ms)
  const inside =
    conformal &&
    test.filter((sample, i) => {
      const reach = reachOf(conformal, predicted[i], 0.9)
      return reach && holds(reach, sample.latency_ms, predicted[i])
    })
  return {
    ...metricsOf(measured, predicted),
    coverage: inside && inside.length / test.length,
    fit_ms: fitted - start,
    predict_us: (1000 * (done - fitted)) / test.length,
    file_kb: JSON.stringify(model).length / 1000,
  }
}

/** Trains as the tool does, with the cross-validation that gives the intervals. */
async function auto(train, options) {
  const folds = train.length < MANY ? 10 : 5
  const set = {
    device: 'device',
    conditions: {},
    mixed: [],
    environment: {},
    spaces: [],
    samples: train,
  }
  const file = await trainPredictor(set, { model: 'auto', folds, ...options })
  const model = PREDICTOR_KINDS.auto.fromJSON(
    JSON.parse(JSON.stringify(file.parameters)),
    'linear',
    findKind,
  )
  return { model, conformal: file.conformal }
}

function mean(results, name) {
  return results.reduce((sum, result) => sum + result[name], 0) / results.length
}
