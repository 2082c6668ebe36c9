// How many of the networks that search proposes would break the budget, if a known law gave the latencies? Where
// proposals.js measures 120 networks once, this repeats the search for many training sets.
//
//   node scripts/bench/simulated-proposals.js [--train 60] [--sets 6] [--noise 0.01,0.06,0.12]
//       [--models additive,gp] [--candidates 20000] [--risk 0.1] [--even]
//
// The latencies are those of a `kernels` predictor, trained on the measured kernels of fixtures/measured, of random cells of
// NAS-Bench-101. A training set has normal noise in the logarithm, a tenth of it up to several times as much upward. Within
// each of three budgets (the quartiles of the training set), the 40 cells with the most MACs are proposed, as
// `search --best 40` does. --even gives all cells intervals of the same relative width.
import './tools-on-path.js'
import { execSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { featurize } from '../../lib/features/dist/index.js'
import { DEFAULT_SETS } from '../../lib/features/dist/names.js'
import { quantileOf } from '../../lib/measurements/dist/index.js'
import { AdditiveModel } from '../../lib/predictors/dist/additive/index.js'
import { shuffled } from '../../lib/predictors/dist/random.js'
import { Best } from '../../lib/search/dist/index.js'
import { networkOf } from '../../lib/spaces/dist/index.js'
import { readRecords } from '../read-records.js'
import { boundedBy } from './bounded-by.js'
import { randoms } from './randoms.js'
import { predictedBy, trained } from './usual.js'

const { values } = parseArgs({
  options: {
    train: { type: 'string', default: '60' },
    sets: { type: 'string', default: '6' },
    noise: { type: 'string', default: '0.01,0.06,0.12' },
    models: { type: 'string', default: 'additive,gp' },
    candidates: { type: 'string', default: '20000' },
    risk: { type: 'string', default: '0.1' },
    even: { type: 'boolean', default: false },
  },
})

const COUNT = Number(values.train)
const RISK = Number(values.risk)
const QUANTILES = [0.25, 0.5, 0.75]
const PROPOSALS = 40
/** The part of the measurements that are slower by chance, and how much more. */
const DISTURBED = 0.1
const SLOWER = 2.5

if (values.even) AdditiveModel.prototype.uncertainty = () => 1
const cells = await cellsWithLatencies()
console.log(`${cells.length} cells, ${COUNT} for training, risk ${RISK}`)
console.log('kind     noise  broken  worst budget  in intervals  half-width: median  90th')
for (const model of values.models.split(',')) {
  for (const noise of values.noise.split(',').map(Number)) await bench(model, noise)
}

async function cellsWithLatencies() {
  const folder = mkdtempSync(join(tmpdir(), 'leti-bench-'))
  const at = (name) => join(folder, name)
  try {
    const kernels = 'fixtures/measured/kernels-node-cpu.ndjson.gz'
    const sample = `nb101-sample -n ${values.candidates} --stem-filter-size 64`
    const lines = [
      `zcat ${kernels} | featurize -q | train -q --model kernels > ${at('predictor')}`,
      `${sample} | predict -q --predictor ${at('predictor')} > ${at('cells')}`,
    ]
    for (const line of lines) execSync(line, { stdio: ['ignore', 'ignore', 'inherit'] })
    const records = await readRecords(at('cells'))
    return records.map(({ id, arch, prediction }) => ({
      id,
      features: featurize(networkOf({ id, arch }), { sets: DEFAULT_SETS }).features,
      latency_ms: prediction.latency_ms,
    }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function bench(model, noise) {
  const sets = []
  for (let seed = 0; seed < Number(values.sets); seed++) {
    const order = shuffled(cells, seed)
    const disturb = disturbance(noise, seed)
    const training = order
      .slice(0, COUNT)
      .map((cell) => ({ ...cell, latency_ms: disturb(cell.latency_ms) }))
    const predictor = await trained(model, training)
    const budgets = QUANTILES.map((share) =>
      quantileOf(
        training.map(({ latency_ms }) => latency_ms),
        share,
      ),
    )
    const bounded = boundedBy(predictor, order.slice(COUNT), RISK)
    sets.push({
      broken: budgets.map((budget) => brokenWithin(bounded, budget)),
      intervals: intervalsOf(predictor, order.slice(COUNT), disturb),
    })
  }
  console.log(rowOf(model, noise, sets))
}

function disturbance(noise, seed) {
  const { uniform, normal } = randoms(seed + 1)
  return (latency) => {
    const more = uniform() < DISTURBED ? SLOWER * Math.abs(normal()) : 0
    return latency * Math.exp(noise * (normal() + more))
  }
}

/** The number of proposals within a budget, and of those whose latency is above it. */
function brokenWithin(bounded, budget) {
  const best = new Best(PROPOSALS)
  for (const { bound_ms, features, latency_ms } of bounded) {
    if (bound_ms <= budget) {
      best.add({ latency_ms: bound_ms, value: features.macs, truth: latency_ms })
    }
  }
  const broken = best.points.filter(({ truth }) => truth > budget).length
  return { proposed: best.points.length, broken }
}

/** Whether the interval of each cell holds a measurement, and its half-width. */
function intervalsOf(predictor, others, disturb) {
  return others.flatMap((cell) => {
    const predicted = predictedBy(predictor, cell, 1 - RISK)
    if (!predicted) return []
    const { low_ms, high_ms, latency_ms } = predicted
    const measured = disturb(cell.latency_ms)
    const holds = low_ms <= measured && measured <= high_ms
    return [{ holds, half: (high_ms - low_ms) / 2 / latency_ms }]
  })
}

function rowOf(model, noise, sets) {
  const percent = (share, width) => `${(100 * share).toFixed(1)}%`.padStart(width)
  const share = (budgets) =>
    sumOf(budgets, ({ broken }) => broken) / sumOf(budgets, ({ proposed }) => proposed)
  const all = sets.flatMap(({ broken }) => broken)
  const worst = Math.max(
    ...QUANTILES.map((_, budget) => share(sets.map(({ broken }) => broken[budget]))),
  )
  const intervals = sets.flatMap((set) => set.intervals)
  const halves = intervals.map(({ half }) => half)
  const columns = [
    percent(share(all), 8),
    percent(worst, 14),
    percent(intervals.filter(({ holds }) => holds).length / intervals.length, 14),
    percent(quantileOf(halves, 0.5), 20),
    percent(quantileOf(halves, 0.9), 6),
  ]
  return `${model.padEnd(8)} ${noise.toString().padStart(5)}${columns.join('')}`
}

function sumOf(items, of) {
  return items.reduce((sum, item) => sum + of(item), 0)
}
