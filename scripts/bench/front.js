// How much of the front of latency and MACs does evolution find, beside random search, with few evaluations?
//
//   node scripts/bench/front.js [--tables nb201-pixel3,..] [--seeds 10] [--evaluations 2000]
//
// The latencies are the published ones of NAS-Bench-201: no predictor takes part. Budgets are the latencies that 25, 50 and
// 75% of the cells keep. Then the same without the strange cells, which seem to carry another cell's latency: no neighbor
// leads to one of those.
import { parseArgs } from 'node:util'
import { readRecords } from '../read-records.js'
import { evolution, Front, randomSearch, searchSpace } from '../../lib/search/dist/index.js'
import { operatorCosts } from '../../lib/network/dist/index.js'
import { networkOf } from '../../lib/spaces/dist/index.js'
import { frontShares } from './front-share.js'
import { folder, samplesOf } from './latency-data.js'
import { usualOf } from './usual.js'

const { values } = parseArgs({
  options: {
    tables: { type: 'string', default: 'nb201-adreno612_int8,nb201-adreno506_int8,nb201-pixel3' },
    seeds: { type: 'string', default: '10' },
    evaluations: { type: 'string', default: '2000' },
  },
})

const QUANTILES = [0.25, 0.5, 0.75]
/** Pixel 3 runs nothing of cells without a path from the input: its 0.003 ms are not a latency. */
const NOTHING_MS = 0.01

const macsOfOperations = new Map()

const METHODS = { evolution, random: randomSearch }

if (folder) {
  console.log(`${values.evaluations} evaluations, mean (least) of ${values.seeds} seeds`)
  const space = searchSpace('nb201', {})
  const records = [...space.all()]
  for (const table of values.tables.split(',')) await benchTable(table, space, records)
} else {
  console.log('front: skipped, no measurements in ../shared/latency (or $LETI_LATENCY)')
}

async function benchTable(table, space, records) {
  const known = await measuredCells(table)
  const usual = new Set((await usualOf(await samplesOf(table))).map(({ id }) => id))
  const points = new Map()
  for (const record of records) {
    const { id, latency_ms } = known.get(record.arch.arch_str) ?? {}
    if (latency_ms > NOTHING_MS) {
      const isUsual = usual.has(id)
      points.set(record.id, { record, latency_ms, value: macsOf(record), isUsual })
    }
  }
  const usualPoints = new Map([...points].filter(([, { isUsual }]) => isUsual))
  const sorted = [...points.values()].map(({ latency_ms }) => latency_ms).sort((a, b) => a - b)
  for (const quantile of QUANTILES) {
    const budget_ms = sorted[Math.floor(quantile * sorted.length)]
    const title = `${table}, budget ${budget_ms.toPrecision(3)} ms`
    console.log(`${title}, ${await judged(space, points, budget_ms)}`)
    console.log(`${title}, without strange cells: ${await judged(space, usualPoints, budget_ms)}`)
  }
}

/** What each method finds of the front of the points. */
async function judged(space, points, budget_ms) {
  const whole = new Front()
  for (const point of points.values()) if (point.latency_ms <= budget_ms) whole.add(point)
  const parts = []
  for (const [name, search] of Object.entries(METHODS)) {
    const shares = await sharesOf(search, { space, points, whole, budget_ms })
    const percent = (share) => `${(100 * share).toFixed(1)}%`
    parts.push(`${name} ${percent(mean(shares))} (${percent(Math.min(...shares))})`)
  }
  const strange = whole.points.filter(({ isUsual }) => !isUsual).length
  return `${points.size} cells, front of ${whole.points.length}, ${strange} of them strange: ${parts.join(', ')}`
}

/** The share of the hypervolume that a search finds, for each seed. */
async function sharesOf(search, { space, points, whole, budget_ms }) {
  const judge = (records) =>
    Promise.resolve(
      records.map(({ id }) => {
        const point = points.get(id)
        return point && point.latency_ms <= budget_ms ? point : undefined
      }),
    )
  const [seeds, evaluations] = [values.seeds, values.evaluations].map(Number)
  return frontShares(search, { space, judge, whole, budget_ms, seeds, evaluations })
}

/** Ids and latencies by the string of the cell: the tables have other ids than the space. */
async function measuredCells(table) {
  const records = await readRecords(`${folder}/${table}.ndjson.gz`)
  return new Map(
    records.map(({ id, arch, measurement }) => [
      arch.arch_str,
      { id, latency_ms: measurement.latency_ms.median },
    ]),
  )
}

/** All edges of a cell have the same shapes: the order of its operations does not matter. */
function macsOf(record) {
  const operations = record.arch.arch_str
    .match(/[a-z]\w+(?=~)/g)
    .sort()
    .join()
  if (!macsOfOperations.has(operations)) {
    macsOfOperations.set(operations, operatorsMacs(networkOf(record).written))
  }
  return macsOfOperations.get(operations)
}

function operatorsMacs(network) {
  return operatorCosts(network).reduce((sum, { macs }) => sum + macs, 0)
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}
