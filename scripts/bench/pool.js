// Simulates campaigns on several phones of one model (`farm submit --pool`), and asks how often the intervals of
// lib/measurements hold on each phone.
//
//   node scripts/bench/pool.js [--draws 100]
//
// Each visit of a network is on another phone. A visit is the latency of the network, times the level of the phone, times
// what this phone does to this network alone, times the phone's drift, times noise. The truth of an interval is the
// latency of the network on a phone, without drift and noise; it is asked of every phone of the pool.
import { parseArgs } from 'node:util'
import { detrend, medianOf } from '../../lib/measurements/dist/index.js'
import { randoms } from './randoms.js'

const { values } = parseArgs({ options: { draws: { type: 'string', default: '100' } } })
const DRAWS = Number(values.draws)
const TIMES = Array.from({ length: 100 }, (_, i) => (i + 0.5) / 100)
const HEATING = (unit, time) => (unit ? 0.08 * (1 - Math.exp(-3 * time)) - 0.05 : 0)
const CASES = [
  ['2 equal phones', { levels: [0, 0] }],
  ['2 phones, 6% apart', { levels: [0.03, -0.03] }],
  ['... and one heats', { levels: [0.03, -0.03], trend: HEATING }],
  ['... and 2% own to a network', { levels: [0.03, -0.03], own: 0.02 }],
  ['... and heavy tails', { levels: [0.03, -0.03], tails: 0.05 }],
  ['... and 8 networks', { levels: [0.03, -0.03], networks: 8 }],
  ['... and 4 visits', { levels: [0.03, -0.03], own: 0.02, visits: 4 }],
  ['3 phones, 8% apart, 3 visits', { levels: [0.04, 0, -0.04], visits: 3 }],
  ['3 phones, 8% apart, 2 visits', { levels: [0.04, 0, -0.04] }],
  ['3 phones, 1 network in 5 twice', { levels: [0.04, 0, -0.04], twice: 0.2 }],
]

console.log(`${DRAWS} campaigns each; noise of a visit: 0.5%`)
console.log(''.padEnd(32), 'holds, %  half-width, %  error, %  levels, %')
for (const [name, of] of CASES) bench(name, of)

function bench(name, of) {
  let [asked, held] = [0, 0]
  const [widths, errors, levelErrors] = [[], [], []]
  const levels = levelsOf(of)
  const center = mean(levels)
  for (let draw = 0; draw < DRAWS; draw++) {
    const { truth, latencyOn, visits } = campaign(of, randoms(7919 * draw + 13))
    const { networks, pool } = detrend(visits)
    levels.forEach((level, unit) => {
      const found = Math.log(pool.levels.get(`phone ${unit}`))
      levelErrors.push(Math.abs(found - (level - center)))
      truth.forEach((log, network) => {
        const { latency_ms, ci95 } = networks.get(`${network}`)
        const [low, high] = ci95.map(Math.log)
        const on = latencyOn(network, unit)
        asked++
        if (low <= on && on <= high) held++
        widths.push((high - low) / 2)
        if (unit === 0) errors.push(Math.abs(Math.log(latency_ms) - log - center))
      })
    })
  }
  const cells = [
    [held / asked, 1],
    [medianOf(widths), 2],
    [mean(errors), 2],
    [mean(levelErrors), 2],
  ]
  const texts = cells.map(([share, digits]) => (100 * share).toFixed(digits).padStart(10))
  console.log(name.padEnd(32), texts.join(' '))
}

/** The levels of the phones in the mean of the campaign, log. */
function levelsOf({ levels, trend = () => 0 }) {
  return levels.map((level, unit) => level + mean(TIMES.map((time) => trend(unit, time))))
}

function campaign(of, { uniform, normal }) {
  const { networks = 100, visits = 2, levels, own = 0, tails = 0, twice = 1, trend = () => 0 } = of
  const truth = Array.from({ length: networks }, () => 3 * uniform())
  const ownOf = truth.map(() => levels.map(() => own * normal()))
  const means = levelsOf(of)
  const latencyOn = (network, unit) => truth[network] + means[unit] + ownOf[network][unit]
  const measured = []
  for (let visit = 0; visit < visits; visit++) {
    const keyed = truth.map((_, network) => ({ network, key: uniform() }))
    keyed.sort((a, b) => a.key - b.key)
    keyed.forEach(({ network }, i) => {
      if (visit && network >= twice * networks) return
      const unit = (network + visit) % levels.length
      const time = (visit + i / networks) / visits
      const noise = 0.005 * normal() * (uniform() < tails ? 15 : 1)
      const drift = trend(unit, time) - (means[unit] - levels[unit])
      const log = latencyOn(network, unit) + drift + noise
      measured.push({
        network: `${network}`,
        unit: `phone ${unit}`,
        time,
        latency_ms: Math.exp(log),
      })
    })
  }
  return { truth, latencyOn, visits: measured }
}

function mean(list) {
  return list.reduce((sum, one) => sum + one, 0) / list.length
}
