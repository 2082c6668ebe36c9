// Judges proposals on published latencies of NAS-Bench-201: how often budgets break, and how far the chosen network is
// from the best. Then: how much of the front does evolution find, and random search?
//
//   node scripts/bench/search.js [--devices nb201-pixel3,..] [--models additive,..] [--splits 5] [--n 100]
//
// The objective is MACs, which are known of every cell; larger is better. Budgets are the latencies that 10, 25, 50 and 75%
// of the cells keep. As `search --best 40` does, the 40 cells with the most MACs are proposed whose upper bound is within
// the budget, raised by what the training networks say. One breaks the budget if its published latency is above it.
import { parseArgs } from 'node:util'
import { shuffled } from '../../lib/predictors/dist/random.js'
import { Best, evolution, Front, randomSearch, searchSpace } from '../../lib/search/dist/index.js'
import { networkOf } from '../../lib/spaces/dist/index.js'
import { featurize } from '../../lib/features/dist/index.js'
import { DEFAULT_SETS } from '../../lib/features/dist/names.js'
import { boundedBy } from './bounded-by.js'
import { frontShares } from './front-share.js'
import { folder, samplesOf } from './latency-data.js'
import { predictedBy, trained, usualOf } from './usual.js'

const { values } = parseArgs({
  options: {
    devices: { type: 'string', default: 'nb201-adreno612_int8,nb201-adreno506_int8,nb201-pixel3' },
    models: { type: 'string', default: 'flops,lut,additive' },
    risks: { type: 'string', default: '0.05,0.1,0.5' },
    splits: { type: 'string', default: '5' },
    n: { type: 'string', default: '100' },
    seeds: { type: 'string', default: '10' },
    evaluations: { type: 'string', default: '2000' },
  },
})

const QUANTILES = [0.1, 0.25, 0.5, 0.75]
const PROPOSALS = 40

if (folder) {
  const tables = values.devices.split(',')
  for (const table of tables) await benchTable(table, table === tables[0])
} else {
  console.log('search: skipped, no measurements in ../shared/latency (or $LETI_LATENCY)')
}

/** @param withFront whether to judge the methods too, which takes a minute */
async function benchTable(table, withFront) {
  const models = values.models.split(',')
  const samples = await samplesOf(table)
  const budgets = quantilesOf(samples)
  // Strange cells count as measured, but none of them is the best that a choice is compared with.
  const usual = await usualOf(samples)
  console.log(
    `\n${table}: ${samples.length} cells, ${samples.length - usual.length} of them strange`,
  )
  console.log(
    'kind     risk   broken: first  of 40   worst budget  not raised  worst budget   MACs below the best: first  first that holds  not raised',
  )
  for (const model of models) {
    const rows = new Map(values.risks.split(',').map((risk) => [Number(risk), []]))
    for (let seed = 0; seed < Number(values.splits); seed++) {
      const train = shuffled(samples, seed).slice(0, Number(values.n))
      const predictor = await trained(model, train)
      for (const [risk, cases] of rows) {
        const bounded = boundedBy(predictor, samples, risk)
        cases.push(
          budgets.map((budget) => ({
            ...judged(bounded, usual, budget, ({ bound_ms }) => bound_ms),
            plain: judged(bounded, usual, budget, ({ high_ms }) => high_ms),
          })),
        )
      }
      if (withFront && seed === 0 && model === models.at(-1)) {
        await benchFront(predictor, budgets[2])
      }
    }
    for (const [risk, cases] of rows) console.log(rowOf(model, risk, cases))
  }
}

/**
 * What becomes of the proposals within a budget.
 *
 * @param boundOf the bound of a sample
 */
function judged(bounded, usual, budget, boundOf) {
  const best = new Best(PROPOSALS)
  for (const sample of bounded) {
    const bound_ms = boundOf(sample)
    if (bound_ms > budget) continue
    best.add({ latency_ms: bound_ms, value: sample.features.macs, truth: sample.latency_ms })
  }
  const proposed = best.points
  const holds = ({ truth }) => truth <= budget
  const most = Math.max(
    ...usual.filter((one) => one.latency_ms <= budget).map(({ features }) => features.macs),
  )
  const below = (point) => (point ? 1 - point.value / most : 1)
  return {
    firstBroken: proposed.length ? Number(!holds(proposed[0])) : 0,
    broken: proposed.length ? proposed.filter((one) => !holds(one)).length / proposed.length : 0,
    first: below(proposed[0]),
    firstThatHolds: below(proposed.find(holds)),
  }
}

/** @param cases for each split, one case for each budget */
function rowOf(model, risk, cases) {
  const percent = (value, width) => `${(100 * value).toFixed(1)}%`.padStart(width)
  const all = cases.flat()
  const worst = (brokenOf) =>
    Math.max(...QUANTILES.map((_, i) => mean(cases.map((split) => brokenOf(split[i])))))
  return [
    model.padEnd(9),
    String(risk).padStart(4),
    percent(mean(all.map(({ firstBroken }) => firstBroken)), 15),
    percent(mean(all.map(({ broken }) => broken)), 8),
    percent(
      worst(({ broken }) => broken),
      15,
    ),
    percent(mean(all.map(({ plain }) => plain.broken)), 12),
    percent(
      worst(({ plain }) => plain.broken),
      14,
    ),
    percent(mean(all.map(({ first }) => first)), 29),
    percent(mean(all.map(({ firstThatHolds }) => firstThatHolds)), 18),
    percent(mean(all.map(({ plain }) => plain.first)), 12),
  ].join('')
}

/** The share of the front's hypervolume that evolution and random search find with few evaluations. */
async function benchFront(predictor, budget_ms) {
  const space = searchSpace('nb201', {})
  const known = new Map()
  const pointOf = (record) => {
    if (!known.has(record.id)) {
      const { features } = featurize(networkOf(record), { sets: DEFAULT_SETS })
      const prediction = predictedBy(predictor, { id: record.id, features }, 0.9)
      const within = prediction && prediction.high_ms <= budget_ms
      known.set(
        record.id,
        within ? { latency_ms: prediction.latency_ms, value: features.macs } : undefined,
      )
    }
    const point = known.get(record.id)
    return point && { record, ...point }
  }
  const judge = async (records) => records.map(pointOf)
  const whole = new Front()
  for (const record of space.all()) {
    const point = pointOf(record)
    if (point) whole.add(point)
  }
  const [seeds, evaluations] = [values.seeds, values.evaluations].map(Number)
  for (const [name, search] of Object.entries({ evolution, random: randomSearch })) {
    const options = { space, judge, whole, budget_ms, seeds, evaluations }
    const shares = await frontShares(search, options)
    const percents = [mean(shares), Math.min(...shares)].map((one) => (100 * one).toFixed(2))
    console.log(
      `front of ${whole.points.length} within ${budget_ms} ms, ${values.evaluations} evaluations, ${name}: ` +
        `${percents[0]}% of the hypervolume, least ${percents[1]}%`,
    )
  }
}

function quantilesOf(samples) {
  const sorted = samples.map(({ latency_ms }) => latency_ms).sort((a, b) => a - b)
  return QUANTILES.map((share) => sorted[Math.floor(share * sorted.length)])
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}
