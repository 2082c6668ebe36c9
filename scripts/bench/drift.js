// Simulates measuring campaigns on devices that drift, and takes the drift out with lib/measurements.
//
//   node scripts/bench/drift.js [FOLDER] [--draws 500] [--networks 200] [--visits 2] [--noise shared|fresh]
//       [--statistic median|min] [--worth 0.02]
//
// FOLDER holds raw series of real devices as X.json or X.json.gz, each with `latency_ms` of one inference after the
// other. Each series is stretched over a campaign: every network is visited in each pass, in random orders. A visit
// is the median of 30 inferences in a row at its place in the series, times the latency of the network. The truth is
// that latency; a common scale, the level of the device, is taken out. Synthetic series, named so, stand beside.
//
// --noise fresh draws the 30 inferences' noise (without their running median) from a place nearby, so that the
// visits after one another share no inference.
//
// --statistic min takes the quickest of the 30 inferences as the visit, and the least of the visits as the latency.
// --worth says by which share a trend must make visits agree better; the tool detrend asks for .2 of quickest runs.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { detrend, leastLatencies, medianOf, quantileOf } from '../../lib/measurements/dist/index.js'
import { randoms } from './randoms.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    draws: { type: 'string', default: '500' },
    networks: { type: 'string', default: '200' },
    visits: { type: 'string', default: '2' },
    noise: { type: 'string', default: 'shared' },
    statistic: { type: 'string', default: 'median' },
    worth: { type: 'string' },
  },
})
const [DRAWS, NETWORKS, VISITS] = [values.draws, values.networks, values.visits].map(Number)
const FOLDER = positionals[0] ?? '../shared/drift'
const INFERENCES = 30
const summaryOf = { median: medianOf, min: (logs) => Math.min(...logs) }[values.statistic]
if (!summaryOf) throw new Error('--statistic must be median or min')

console.log(`${DRAWS} campaigns of ${NETWORKS} networks, ${VISITS} visits; noise: ${values.noise}`)
console.log(
  ''.padEnd(26),
  `  error, %      | ${values.statistic.padStart(6)} of visits | interval, %`,
)
console.log('series'.padEnd(26), '  mean     90th |   mean      90th | holds  half-width')
for (const [name, series] of [...recorded(), ...synthetic()]) bench(name, series)

function recorded() {
  let names = []
  try {
    names = readdirSync(FOLDER).filter((name) => /\.json(\.gz)?$/.test(name))
  } catch {
    console.log(`drift: no series in ${FOLDER}; only synthetic ones`)
  }
  return names.map((name) => {
    const bytes = readFileSync(join(FOLDER, name))
    const text = name.endsWith('.gz') ? gunzipSync(bytes) : bytes
    return [name.replace(/\.json(\.gz)?$/, ''), JSON.parse(text).latency_ms.map(Math.log)]
  })
}

function synthetic() {
  const { uniform, normal } = randoms(7)
  const make = (at) => Array.from({ length: 2000 }, (_, i) => at(i))
  let walk = 0
  return [
    ['synthetic: no drift', make(() => 0.02 * normal())],
    ['synthetic: heavy tails', make(() => 0.015 * normal() * (uniform() < 0.03 ? 15 : 1))],
    ['synthetic: heating', make((i) => 0.02 * normal() + 0.1 * (1 - Math.exp(-i / 500)))],
    ['synthetic: steps', make((i) => 0.01 * normal() + 0.06 * (Math.floor(i / 170) % 3))],
    ['synthetic: wandering', make(() => (walk = 0.98 * walk + 0.004 * normal()) + 0.01 * normal())],
  ]
}

function bench(name, series) {
  const errors = []
  const plain = []
  const widths = []
  let held = 0
  const level = series.map((_, i) => medianOf(series.slice(Math.max(0, i - 15), i + 15)))
  for (let draw = 0; draw < DRAWS; draw++) {
    const { truth, visits } = campaign(series, level, randoms(7919 * draw + 13))
    const found = detrend(visits, values.worth && Number(values.worth))
    const own = truth.map(() => [])
    for (const visit of visits) own[visit.network].push(Math.log(visit.latency_ms))
    const least = values.statistic === 'min' && leastLatencies(visits, found)
    const results = truth.map((_, network) =>
      least ? { latency_ms: least.get(`${network}`) } : found.networks.get(`${network}`),
    )
    const fitted = withoutScale(results.map(({ latency_ms }, i) => Math.log(latency_ms) - truth[i]))
    plain.push(...withoutScale(own.map((logs, i) => summaryOf(logs) - truth[i])))
    results.forEach(({ latency_ms, ci95 }, i) => {
      errors.push(fitted[i])
      if (!ci95) return
      const [low, high] = ci95.map((bound) => Math.log(bound / latency_ms))
      if (-fitted[i] >= low && -fitted[i] <= high) held++
      widths.push((high - low) / 2)
    })
  }
  const cells = [...spread(errors), ...spread(plain)]
  const [mean, p90, plainMean, plainP90] = cells.map((value) =>
    (100 * value).toFixed(2).padStart(8),
  )
  const holds = widths.length ? ((100 * held) / widths.length).toFixed(1) : 'none'
  const width = widths.length ? (100 * medianOf(widths)).toFixed(2) : 'none'
  console.log(name.padEnd(26), `${mean} ${p90} | ${plainMean} ${plainP90} | ${holds} ${width}`)
}

function campaign(series, level, { uniform }) {
  const truth = Array.from({ length: NETWORKS }, () => 3 * uniform())
  const order = []
  for (let pass = 0; pass < VISITS; pass++) order.push(...shuffled(NETWORKS, uniform))
  const seconds = order.map((network) => 0.5 + Math.exp(0.3 * truth[network]))
  const total = seconds.reduce((sum, one) => sum + one, 0)
  let now = 0
  const visits = order.map((network, i) => {
    const place = (now + seconds[i] / 2) / total
    now += seconds[i]
    const log = truth[network] + logLatency(series, level, place, uniform)
    return { network: `${network}`, time: now, latency_ms: Math.exp(log) }
  })
  return { truth, visits }
}

function logLatency(series, level, place, uniform) {
  const last = series.length - INFERENCES
  const at = Math.floor(place * series.length)
  const within = (start) => Math.min(last, Math.max(0, Math.floor(start)))
  if (values.noise === 'shared') {
    const start = within(at - INFERENCES / 2)
    return summaryOf(series.slice(start, start + INFERENCES))
  }
  const start = within(at + (2 * uniform() - 1) * 100 - INFERENCES / 2)
  const noise = Array.from({ length: INFERENCES }, (_, i) => series[start + i] - level[start + i])
  return level[at] + summaryOf(noise)
}

function withoutScale(logs) {
  const scale = medianOf(logs)
  return logs.map((log) => log - scale)
}

function spread(errors) {
  const sizes = errors.map(Math.abs)
  return [sizes.reduce((sum, size) => sum + size, 0) / sizes.length, quantileOf(sizes, 0.9)]
}

function shuffled(count, uniform) {
  const items = Array.from({ length: count }, (_, i) => i)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(uniform() * (last + 1))
    ;[items[last], items[other]] = [items[other], items[last]]
  }
  return items
}
