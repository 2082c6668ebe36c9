// How many of the networks that search proposes break the budget when they are measured?
//
//   node scripts/bench/proposals.js [--train 60] [--n 40] [--device node] [--seconds 0.3] [--candidates N]
//       [--statistic median] [--run=--clock=cpu]
//
// Measures random cells of NAS-Bench-101 in two visits, trains on them, and searches the whole space for the N cells with
// the most MACs within each of three budgets (the quartiles of the measured latencies). Then it measures in two visits what
// is proposed, and the training cells again: a machine is faster in one hour than in the next, and `detrend` takes out what
// both runs together show of that. Counts the proposals that take longer than the budget, as corrected and as measured.
// The machine must be idle. --candidates searches random cells instead of the whole space. On a machine that others share,
// the quickest runs of longer visits repeat better: --statistic min --seconds 1 '--run=--precision 0.001'.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { medianOf, quantileOf } from '../../lib/measurements/dist/index.js'
import { readRecords } from '../read-records.js'
import { runLine } from './run-line.js'

const { values } = parseArgs({
  options: {
    train: { type: 'string', default: '60' },
    n: { type: 'string', default: '40' },
    device: { type: 'string', default: 'node' },
    seconds: { type: 'string', default: '0.3' },
    model: { type: 'string', default: 'additive' },
    risk: { type: 'string', default: '0.1' },
    candidates: { type: 'string' },
    seed: { type: 'string', default: '1' },
    statistic: { type: 'string', default: 'median' },
    // More options of device-run, such as --clock=cpu.
    run: { type: 'string', default: '' },
  },
})

const QUANTILES = [0.25, 0.5, 0.75]
const STEM = 64
const SAMPLE = `nb101-sample --stem-filter-size ${STEM}`
const MEASURE = `device-run -q -d ${values.device} --max-seconds ${values.seconds} --no-verify --visits 2 ${values.run}`

const folder = mkdtempSync(join(tmpdir(), 'leti-bench-'))
const at = (name) => join(folder, name)

try {
  await bench()
} finally {
  rmSync(folder, { recursive: true })
}

async function bench() {
  const first = await measuredSample()
  const budgets = QUANTILES.map((share) => Number(quantileOf(first.values(), share).toPrecision(3)))
  const proposals = []
  for (const budget of budgets) proposals.push(await proposedWithin(budget))
  const { raw, corrected } = await measuredAgain(proposals.flat())
  // Corrected latencies are on the level of both runs. The cells that both have measured put the budgets on it.
  const level = medianOf([...first].map(([id, latency]) => corrected.get(id) / latency))
  console.log(
    `${values.model} of ${first.size} cells, risk ${values.risk}; both runs are ${level.toFixed(3)} times the first`,
  )
  console.log('budget ms  proposed  broken  worst excess  raw: broken  worst excess')
  const cases = budgets.map((budget, i) => ({
    budget,
    count: proposals[i].length,
    excess: excessOf(proposals[i], corrected, level * budget),
    rawExcess: excessOf(proposals[i], raw, budget),
  }))
  cases.forEach((one) => console.log(rowOf(one)))
  const excess = cases.flatMap((one) => one.excess)
  const rawExcess = cases.flatMap((one) => one.rawExcess)
  const share = (list) => `${list.filter(breaks).length} (${percent(shareOf(list))})`
  console.log(`in all: of ${excess.length} break ${share(excess)}, raw ${share(rawExcess)}`)
}

/** Measures random cells, and trains on them. Returns their latencies by id. */
async function measuredSample() {
  const { train, seed, model, statistic } = values
  await timed(
    'training set',
    `${SAMPLE} -n ${train} --seed ${seed} > ${at('cells')} && ${MEASURE} ${at('cells')} > ${at('visits')}`,
  )
  await timed(
    'training',
    `detrend -q ${at('visits')} > ${at('train')} && featurize ${at('train')} | train -q --model ${model} --statistic ${statistic} > ${at('predictor')}`,
  )
  return latenciesOf(await readRecords(at('train')))
}

/** The records that are proposed within a budget. */
async function proposedWithin(budget) {
  const { n, risk, candidates, seed } = values
  const options = `-q --predictor ${at('predictor')} --budget-ms ${budget} --risk ${risk} --best ${n}`
  const search = candidates
    ? `${SAMPLE} -n ${candidates} --seed ${Number(seed) + 1} | search ${options}`
    : `search ${options} --space nb101 --config '{"stem_filter_size":${STEM}}'`
  // Exit code 1: the predictor refused some of the cells that were read, or none is within the budget.
  await timed('search', `(${search} || [ $? = 1 ]) 2> ${at('said')} > ${at('proposed')}`)
  return readRecords(at('proposed'))
}

/** Measures proposals and the training cells. Latencies by id: of proposals as measured, of all as corrected. */
async function measuredAgain(proposals) {
  const all = new Map(
    [...(await readRecords(at('cells'))), ...proposals].map((one) => [one.id, one]),
  )
  const lines = [...all.values()].map(({ id, arch }) => `${JSON.stringify({ id, arch })}\n`)
  writeFileSync(at('all'), lines.join(''))
  await timed('measuring', `${MEASURE} ${at('all')} > ${at('again')}`)
  await timed('correcting', `detrend -q ${at('visits')} ${at('again')} > ${at('corrected')}`)
  const visits = await readRecords(at('again'))
  const ofVisits = values.statistic === 'min' ? (some) => Math.min(...some) : medianOf
  const rawOf = (id) => ofVisits(visits.filter((visit) => visit.id === id).map(latencyOf))
  const raw = new Map([...all.keys()].map((id) => [id, rawOf(id)]))
  return { raw, corrected: latenciesOf(await readRecords(at('corrected'))) }
}

/** By how much each proposal is above the budget, relative; below 0 within it. */
function excessOf(proposals, latencies, budget) {
  return proposals.map(({ id }) => latencies.get(id) / budget - 1)
}

function rowOf({ budget, count, excess, rawExcess }) {
  const columns = [excess, rawExcess].flatMap((list) => [
    list.filter(breaks).length,
    count ? percent(Math.max(...list)) : '-',
  ])
  const widths = [9, 10, 8, 14, 13, 14]
  return [budget, count, ...columns].map((cell, i) => String(cell).padStart(widths[i])).join('')
}

function breaks(excess) {
  return excess > 0
}

function shareOf(excess) {
  return excess.filter(breaks).length / excess.length
}

function percent(share) {
  return `${(100 * share).toFixed(1)}%`
}

async function timed(what, line) {
  const { seconds } = await runLine(line)
  console.error(`${what}: ${seconds.toFixed(0)} s`)
}

function latenciesOf(records) {
  return new Map(records.map((record) => [record.id, latencyOf(record)]))
}

function latencyOf({ measurement }) {
  return measurement.latency_ms[values.statistic]
}
