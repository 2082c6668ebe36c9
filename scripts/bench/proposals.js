// How many of the networks that search proposes break the budget when they are measured?
//
//   node scripts/bench/proposals.js [--train 60] [--n 40] [--device node] [--seconds 0.5] [--candidates N]
//
// Measures random cells of NAS-Bench-101 and trains on them, searches the whole space for the N cells with the most MACs
// within each of three budgets (the quartiles of the measured latencies), and measures those. About five minutes on an idle
// machine of two cores: on a busy one, latencies are not those of the training set. --candidates searches random cells
// instead of the whole space.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readRecords } from '../read-records.js'
import { runLine } from './run-line.js'

const { values } = parseArgs({
  options: {
    train: { type: 'string', default: '60' },
    n: { type: 'string', default: '40' },
    device: { type: 'string', default: 'node' },
    seconds: { type: 'string', default: '0.5' },
    model: { type: 'string', default: 'additive' },
    risk: { type: 'string', default: '0.1' },
    candidates: { type: 'string' },
    seed: { type: 'string', default: '1' },
    // More options of device-run, such as --clock=cpu.
    run: { type: 'string', default: '' },
  },
})

const QUANTILES = [0.25, 0.5, 0.75]
const STEM = 64
const MEASURE = `device-run -q -d ${values.device} --max-seconds ${values.seconds} --no-verify ${values.run}`

const folder = mkdtempSync(join(tmpdir(), 'leti-bench-'))
const at = (name) => join(folder, name)

try {
  const training = await measuredSample()
  console.log(`${values.model} of ${training.length} cells, risk ${values.risk}`)
  console.log('budget ms   proposed  broken  worst excess  first breaks')
  const counts = []
  for (const quantile of QUANTILES) counts.push(await judged(budgetAt(training, quantile)))
  const [proposed, broken] = ['proposed', 'broken'].map((name) =>
    counts.reduce((sum, count) => sum + count[name], 0),
  )
  console.log(`in all: ${broken} of ${proposed} break (${((100 * broken) / proposed).toFixed(1)}%)`)
} finally {
  rmSync(folder, { recursive: true })
}

/** Measures random cells, and trains on them. Returns their latencies. */
async function measuredSample() {
  const { train, seed, model } = values
  await timed(
    'training set',
    `nb101-sample -n ${train} --seed ${seed} --stem-filter-size ${STEM} | ${MEASURE} > ${at('train')}`,
  )
  await timed(
    'training',
    `featurize ${at('train')} | train -q --model ${model} > ${at('predictor')}`,
  )
  return latenciesOf(await readRecords(at('train')))
}

/** Proposes cells within a budget, and measures them. Prints a row. */
async function judged(budget) {
  const { n, risk, candidates, seed } = values
  const options = `-q --predictor ${at('predictor')} --budget-ms ${budget} --risk ${risk} --best ${n}`
  const config = `--config '{"stem_filter_size":${STEM}}'`
  // Exit code 1: the predictor refused some of the cells that were read.
  const search = candidates
    ? `nb101-sample -n ${candidates} --seed ${Number(seed) + 1} --stem-filter-size ${STEM} | search ${options}`
    : `search ${options} --space nb101 ${config}`
  await timed('search', `(${search} || [ $? = 1 ]) 2> ${at('said')} > ${at('proposed')}`)
  await timed('measuring', `${MEASURE} ${at('proposed')} > ${at('measured')}`)
  const latencies = latenciesOf(await readRecords(at('measured')))
  if (!latencies.length) {
    console.log(`${budget.toFixed(2).padStart(9)}         0`)
    return { proposed: 0, broken: 0 }
  }
  const excess = latencies.map((latency) => latency / budget - 1)
  const broken = excess.filter((share) => share > 0).length
  console.log(
    [
      budget.toFixed(2).padStart(9),
      String(latencies.length).padStart(10),
      String(broken).padStart(8),
      `${(100 * Math.max(...excess)).toFixed(1)}%`.padStart(14),
      (excess[0] > 0 ? 'yes' : 'no').padStart(14),
    ].join(''),
  )
  return { proposed: latencies.length, broken }
}

async function timed(what, line) {
  const { seconds } = await runLine(line)
  console.error(`${what}: ${seconds.toFixed(0)} s`)
}

function latenciesOf(records) {
  return records.flatMap(({ measurement }) => measurement?.latency_ms.median ?? [])
}

function budgetAt(latencies, quantile) {
  const sorted = latencies.toSorted((a, b) => a - b)
  return Number(sorted[Math.floor(quantile * sorted.length)].toPrecision(3))
}
