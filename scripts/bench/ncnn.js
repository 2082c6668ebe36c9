// Predicts popular networks from published times of ncnn's benchmark (github.com/Tencent/ncnn,
// benchmark/README.md). Each run in turn is the new device: five of its networks count as measured, the
// others are predicted from the other runs. Runs of the same board or the same GPU are left out. Networks
// of the zoo are also predicted by the line through the MACs of the same five, in logarithms.
//
//   node scripts/bench/ncnn.js
import { join } from 'node:path'
import { networkCost } from '../../lib/network/dist/index.js'
import { fitTables } from '../../lib/predictors/dist/tables/fit.js'
import { ReferenceTable, shareHardware } from '../../lib/predictors/dist/tables/reference-table.js'
import { NCNN_NAMES, ncnnRecord, networkOf } from '../../lib/spaces/dist/index.js'
import { readRecords } from '../read-records.js'
import { folder } from './latency-data.js'

const MEASURED = ['squeezenet', 'mobilenet_v2', 'shufflenet_v2', 'resnet18', 'googlenet'].map(
  (name) => `ncnn-${name}`,
)
const COVERAGE = 0.9

/** Names of processors of phones and small boards. */
const MOBILE =
  /Cortex|Kyro|Oryon|Snapdragon|Kirin|iPhone|Rockchip|Raspberry|Allwinner|Amlogic|RISC|RV64|C906|Spacemit/
const NOT_MOBILE = /Jetson|Kunpeng|Phytium FT/i

/** MACs of those of ncnn's networks that the zoo has, by id. */
const MACS = new Map(
  NCNN_NAMES.map(ncnnRecord).map((record) => [
    record.id,
    networkCost(networkOf(record).written).macs,
  ]),
)

if (!folder) {
  console.log('ncnn: skipped, no measurements in ../shared/latency (or $LETI_LATENCY)')
} else {
  await bench()
}

async function bench() {
  const records = await readRecords(join(folder, 'ncnn.ndjson.gz'))
  const table = new ReferenceTable()
  const classes = new Map()
  for (const record of records) {
    table.add(record)
    classes.set(record.measurement.device, classOf(record.measurement))
  }
  const results = new Map()
  for (const run of table.runs) {
    const name = classes.get(run.device)
    const all = results.get(name) ?? []
    results.set(name, [...all, judge(run, table.runs)].filter(Boolean))
  }
  const sorted = [...results].sort()
  console.log(
    'five networks measured, the others predicted. Columns: runs, predictions, median and mean error,',
  )
  console.log('median over runs of the median error, share within the 90% interval')
  for (const [name, judged] of sorted) {
    const inside = judged.reduce((sum, one) => sum + one.inside, 0)
    const all = judged.map((one) => one.errors)
    console.log(`${heading(name, all)}${errorsOf(all)}${percent(inside / all.flat().length)}`)
  }
  console.log(
    '\nnetworks of the zoo only. Columns: the same three errors, then those of the MACs line',
  )
  for (const [name, judged] of sorted) {
    const known = judged.map((one) => one.known).filter((errors) => errors.length)
    const line = judged.map((one) => one.line).filter((errors) => errors.length)
    console.log(`${heading(name, known)}${errorsOf(known)}   ${errorsOf(line)}`)
  }
}

function classOf({ backend, mobile_gpu, environment }) {
  if (backend !== 'cpu') return mobile_gpu ? 'mobile GPU' : 'other GPU'
  const { soc } = environment
  return MOBILE.test(soc) && !NOT_MOBILE.test(soc) ? 'mobile CPU' : 'other CPU'
}

function judge(run, runs) {
  if (MEASURED.some((id) => !run.logs.has(id))) return undefined
  const fresh = { ...run, logs: new Map(MEASURED.map((id) => [id, run.logs.get(id)])) }
  const others = runs.filter((other) => !shareHardware(run, other))
  const { networks, errors } = fitTables(fresh, others)
  const reach = errors[Math.ceil((errors.length + 1) * COVERAGE) - 1]
  const line = macsLine(fresh)
  const rest = [...run.logs].filter(([id]) => networks[id] && !MEASURED.includes(id))
  const known = rest.filter(([id]) => MACS.has(id))
  const ours = (id) => Math.log(networks[id].latency_ms)
  const isInside = ([id, log]) => Math.abs(log - ours(id)) <= reach * networks[id].spread
  const errorsBy = (predict, pairs) =>
    pairs.map(([id, log]) => Math.abs(Math.exp(predict(id) - log) - 1))
  return {
    errors: errorsBy(ours, rest),
    inside: rest.filter(isInside).length,
    known: errorsBy(ours, known),
    line: errorsBy(line, known),
  }
}

/** Least-squares line through the logarithms of latency and MACs. */
function macsLine({ logs }) {
  const ids = [...logs.keys()]
  const x = ids.map((id) => Math.log(MACS.get(id)))
  const y = ids.map((id) => logs.get(id))
  const [meanX, meanY] = [mean(x), mean(y)]
  const slope =
    x.reduce((sum, value, i) => sum + (value - meanX) * (y[i] - meanY), 0) /
    x.reduce((sum, value) => sum + (value - meanX) ** 2, 0)
  return (id) => meanY + slope * (Math.log(MACS.get(id)) - meanX)
}

function heading(name, runs) {
  const count = `${runs.length} runs`.padStart(10)
  return name.padEnd(12) + count + String(runs.flat().length).padStart(7)
}

/** Median and mean error over all networks, and the median over runs of their median errors. */
function errorsOf(runs) {
  const errors = runs.flat()
  return [median(errors), mean(errors), median(runs.map(median))].map(percent).join('')
}

function percent(value) {
  return `${(100 * value).toFixed(1)}%`.padStart(8)
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function median(values) {
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
