// Measures transfer to a new device by the protocol of HELP (Lee et al., NeurIPS 2021) on its nine devices
// of NAS-Bench-201. Each device in turn is the new one; the other eight are the references, trained on 900
// cells each. Only cells between the 10th and the 90th percentile of latency count: 800 are the test, the
// samples are picked from the others.
//
//   node scripts/bench/transfer.js [--samples 5,10,20,50] [--repeats 8] [--pool 2000]
import { parseArgs } from 'node:util'
import { logPredictions, mostInformative } from '../../lib/predictors/dist/informative.js'
import { PREDICTOR_KINDS } from '../../lib/predictors/dist/kinds/index.js'
import { metricsOf } from '../../lib/predictors/dist/metrics.js'
import { shuffled } from '../../lib/predictors/dist/random.js'
import { folder, samplesOf } from './latency-data.js'

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '5,10,20,50' },
    repeats: { type: 'string', default: '8' },
    pool: { type: 'string', default: '2000' },
  },
})

const DEVICES = [
  '1080ti_1',
  '1080ti_32',
  '1080ti_256',
  'silver_4114',
  'silver_4210r',
  'samsung_a50',
  'samsung_s7',
  'essential_ph_1',
  'pixel3',
]
const TRAINED_ON = 900
const TEST = 800

if (!folder) {
  console.log('transfer: skipped, no measurements in ../shared/latency (or $LETI_LATENCY)')
} else {
  await bench()
}

async function bench() {
  const references = await Promise.all(DEVICES.map(referenceOf))
  const counts = values.samples.split(',').map(Number)
  console.log(
    'Spearman, mean ± standard deviation over repeats; last column: the best reference alone',
  )
  console.log(
    `${''.padEnd(16)}${counts.map((n) => `n = ${n}`.padStart(16)).join('')}${'best'.padStart(8)}`,
  )
  const totals = counts.map(() => 0)
  for (const [index, device] of DEVICES.entries()) {
    const others = references.filter((_, other) => other !== index)
    const { cells, best } = await judgeDevice(device, others, counts)
    cells.forEach(({ mean }, i) => (totals[i] += mean / DEVICES.length))
    const texts = cells.map(({ mean, std }) =>
      `${mean.toFixed(3)} ± ${std.toFixed(3)}`.padStart(16),
    )
    console.log(`${device.padEnd(16)}${texts.join('')}${best.toFixed(3).padStart(8)}`)
  }
  console.log(`${'mean'.padEnd(16)}${totals.map((mean) => mean.toFixed(4).padStart(16)).join('')}`)
}

async function referenceOf(device) {
  const training = shuffled(await samplesOf(`nb201-${device}`), 1).slice(0, TRAINED_ON)
  const model = await PREDICTOR_KINDS.additive.fit(training, { latencyScale: 'linear', seed: 0 })
  return {
    name: device,
    model,
    saved: { model: 'additive', target: 'linear', parameters: model.toJSON() },
  }
}

async function judgeDevice(device, references, counts) {
  const samples = await samplesOf(`nb201-${device}`)
  const sorted = Float64Array.from(samples, (sample) => sample.latency_ms).sort()
  const [low, high] = [0.1, 0.9].map((part) => sorted[Math.floor(part * sorted.length)])
  const middle = samples.filter(({ latency_ms }) => latency_ms >= low && latency_ms <= high)
  const results = counts.map(() => [])
  const alone = references.map(() => 0)
  for (let repeat = 0; repeat < Number(values.repeats); repeat++) {
    const order = shuffled(middle, repeat)
    const test = order.slice(0, TEST)
    const pool = order.slice(TEST, TEST + Number(values.pool))
    const rows = pool.map(({ features }) => references.map(({ model }) => model.estimate(features)))
    const picks = mostInformative(logPredictions(rows), Math.max(...counts))
    for (const [i, count] of counts.entries()) {
      const few = picks.slice(0, count).map((index) => pool[index])
      const model = await PREDICTOR_KINDS.transfer.fit(few, {
        latencyScale: 'linear',
        seed: repeat,
        references,
      })
      results[i].push(spearmanOf(test, model))
    }
    references.forEach(({ model }, i) => {
      alone[i] += spearmanOf(test, model) / Number(values.repeats)
    })
  }
  return { cells: results.map(summary), best: Math.max(...alone) }
}

function spearmanOf(test, model) {
  const measured = test.map(({ latency_ms }) => latency_ms)
  return metricsOf(
    measured,
    test.map(({ features }) => model.estimate(features)),
  ).spearman_rho
}

function summary(all) {
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length
  const squares = all.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, std: Math.sqrt(squares / Math.max(1, all.length - 1)) }
}
