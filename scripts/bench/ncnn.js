// Popular networks on devices that nobody here owns: published times of ncnn's benchmark
// (github.com/Tencent/ncnn, benchmark/README.md). Each run in turn is the new device: five networks are
// measured on it, the others are predicted from the other runs, of which those of the same board and
// those of the same GPU are left out.
//
//   node scripts/bench/ncnn.js
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fitTables } from '../../lib/predictors/dist/tables/fit.js'
import { ReferenceTable, shareHardware } from '../../lib/predictors/dist/tables/reference-table.js'
import { folder } from './latency-data.js'

const MEASURED = ['squeezenet', 'mobilenet_v2', 'shufflenet_v2', 'resnet18', 'googlenet']
const COVERAGE = 0.9

/** Processors of phones and small boards, by what their vendors call them. */
const MOBILE =
  /Cortex|Kyro|Oryon|Snapdragon|Kirin|iPhone|Rockchip|Raspberry|Allwinner|Amlogic|RISC|RV64|C906|Spacemit/
const NOT_MOBILE = /Jetson|Kunpeng|Phytium FT/i

if (!folder) {
  console.log('ncnn: skipped, no measurements in ../shared/latency (or $LETI_LATENCY)')
} else {
  bench()
}

function bench() {
  const records = gunzipSync(readFileSync(join(folder, 'ncnn.ndjson.gz')))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
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
  console.log(
    'five networks measured, the others predicted: median and mean error of all networks,',
  )
  console.log('median over runs of their median error, share within the 90% interval')
  for (const [name, judged] of [...results].sort()) print(name, judged)
}

function classOf({ backend, mobile_gpu, environment }) {
  if (backend !== 'cpu') return mobile_gpu ? 'mobile GPU' : 'other GPU'
  const { soc } = environment
  return MOBILE.test(soc) && !NOT_MOBILE.test(soc) ? 'mobile CPU' : 'other CPU'
}

function judge(run, runs) {
  const ids = MEASURED.map((name) => `ncnn-${name}`)
  if (ids.some((id) => !run.logs.has(id))) return undefined
  const fresh = { ...run, logs: new Map(ids.map((id) => [id, run.logs.get(id)])) }
  const others = runs.filter((other) => !shareHardware(run, other))
  const { networks, errors } = fitTables(fresh, others)
  const reach = errors[Math.ceil((errors.length + 1) * COVERAGE) - 1]
  const rest = [...run.logs].filter(([id]) => networks[id] && !ids.includes(id))
  const off = rest.map(([id, log]) => log - Math.log(networks[id].latency_ms))
  return {
    errors: off.map((error) => Math.abs(Math.exp(-error) - 1)),
    inside: off.filter((error, i) => Math.abs(error) <= reach * networks[rest[i][0]].spread).length,
  }
}

function print(name, judged) {
  const errors = judged.flatMap((one) => one.errors)
  const inside = judged.reduce((sum, one) => sum + one.inside, 0) / errors.length
  const percent = (value) => `${(100 * value).toFixed(1)}%`.padStart(8)
  console.log(
    `${name.padEnd(12)}${`${judged.length} runs`.padStart(10)}` +
      percent(median(errors)) +
      percent(errors.reduce((sum, error) => sum + error, 0) / errors.length) +
      percent(median(judged.map((one) => median(one.errors)))) +
      percent(inside),
  )
}

function median(values) {
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
