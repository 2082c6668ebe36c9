// How accurate is `auto` after 50, 100 and 200 networks, beside a robust sum of the counts of four kinds of
// executed kernels and their squares (`squares`), and of their products too (`products`)? MAPE on 3,000 other
// networks; mean and standard deviation over random splits, of which all models see the same.
//
//   node scripts/bench/few.js [--tables nb201-pixel3,..] [--n 50,100,200] [--splits 3]
import { parseArgs } from 'node:util'
import { momentsOf } from '../../lib/predictors/dist/additive/moments.js'
import {
  fitted,
  huberWeights,
  relativeErrors,
  solve,
} from '../../lib/predictors/dist/additive/regression.js'
import { PREDICTOR_KINDS } from '../../lib/predictors/dist/kinds/index.js'
import { metricsOf } from '../../lib/predictors/dist/metrics.js'
import { shuffled } from '../../lib/predictors/dist/random.js'
import { folder, samplesOf } from './latency-data.js'

const { values } = parseArgs({
  options: {
    tables: {
      type: 'string',
      default: 'nb201-adreno506_int8,nb201-hexagon685_int8,nb201-jetson_nano_fp16',
    },
    n: { type: 'string', default: '50,100,200' },
    splits: { type: 'string', default: '3' },
  },
})

const TESTED = 3000
const KERNELS = ['conv2d_1x1', 'conv2d_3x3', 'avg_pool_3x3', 'add']
const ROUNDS = 20
/** Keeps the equations solvable: columns are at most 1. */
const RIDGE = 1e-8

const MODELS = {
  squares: (training) => sum(training, (counts) => counts.map((count) => count * count)),
  products: (training) =>
    sum(training, (counts) => counts.flatMap((a, i) => counts.slice(i).map((b) => a * b))),
  auto: async (training, seed) => {
    const model = await PREDICTOR_KINDS.auto.fit(training, { latencyScale: 'linear', seed })
    return ({ features }) => model.estimate(features)
  },
}

if (!folder) console.log('few: no measurements in ../shared/latency (or $LETI_LATENCY)')
else for (const table of values.tables.split(',')) await bench(table)

async function bench(table) {
  const samples = await samplesOf(table)
  for (const count of values.n.split(',').map(Number)) {
    const errors = Object.fromEntries(Object.keys(MODELS).map((name) => [name, []]))
    for (let seed = 1; seed <= Number(values.splits); seed++) {
      const drawn = shuffled(samples, seed)
      const tested = drawn.slice(count, count + TESTED)
      const measured = tested.map(({ latency_ms }) => latency_ms)
      for (const [name, fit] of Object.entries(MODELS)) {
        const predict = await fit(drawn.slice(0, count), seed)
        errors[name].push(metricsOf(measured, tested.map(predict)).mape_percent)
      }
    }
    const cells = Object.entries(errors).map(([name, own]) => `${name} ${summary(own)}`)
    console.log(`${table}, ${count} networks: ${cells.join('   ')}`)
  }
}

/** A robust sum, by Huber's loss of relative errors, of counts and what they are combined to. */
function sum(training, combined) {
  const countsOf = ({ features }) => KERNELS.map((name) => features[`executed_${name}_count`])
  const largest = KERNELS.map((_, i) => Math.max(1, ...training.map((one) => countsOf(one)[i])))
  const rowOf = (sample) => {
    const counts = countsOf(sample).map((count, i) => count / largest[i])
    return [1, ...counts, ...combined(counts)]
  }
  const targets = Float64Array.from(training, ({ latency_ms }) => latency_ms)
  const rows = training.map(rowOf)
  const problem = {
    rows: Float64Array.from(rows.flat()),
    width: rows[0].length,
    targets,
    units: targets,
  }
  const penalties = new Float64Array(problem.width).fill(RIDGE)
  let robust = targets.map(() => 1)
  let weights
  for (let round = 0; round < ROUNDS; round++) {
    weights = solve(momentsOf(problem, robust), penalties)
    robust = huberWeights(relativeErrors(problem, fitted(problem, weights)))
  }
  return (sample) => rowOf(sample).reduce((total, value, i) => total + value * weights[i], 0)
}

function summary(errors) {
  const mean = errors.reduce((total, error) => total + error, 0) / errors.length
  const square = errors.reduce((total, error) => total + (error - mean) ** 2, 0)
  const deviation = Math.sqrt(square / Math.max(1, errors.length - 1))
  return `${mean.toFixed(2)} ±${deviation.toFixed(2)}`
}
