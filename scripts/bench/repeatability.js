// Do two full runs agree? Measures the same cells of NAS-Bench-101 twice on this computer, while a load comes and goes
// on one core, and compares the two runs: after detrend, without it, and with one visit, by medians and by quickest runs.
//
//   node scripts/bench/repeatability.js [--networks 100] [--load on|off] [--folder build/repeatability]
//       [--seconds 2] [--precision 0.001]
//
// The goal after detrend: a median difference of 1%, a 90th percentile of 3%, Spearman's rho .997. The visits stay in the
// folder; a second call with it measures only what is missing. --seconds is the longest time of a visit; with a
// --precision that it does not reach, each visit lasts as long.
import './tools-on-path.js'
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'

const { values } = parseArgs({
  options: {
    networks: { type: 'string', default: '100' },
    load: { type: 'string', default: 'on' },
    folder: { type: 'string', default: 'build/repeatability' },
    seconds: { type: 'string', default: '2' },
    precision: { type: 'string' },
  },
})
const { folder, seconds, precision } = values

/** Without the reference, which each run would compute once for each network, there is time for more networks. */
const MEASURE = [
  `device-run -q -d node --visits 2 --max-seconds ${seconds} --no-verify`,
  ...(precision ? [`--precision ${precision}`] : []),
].join(' ')

const ONE_VISIT = "jq -c 'select(.measurement.visit == 1)'"

const sh = (line) => execFileSync('bash', ['-o', 'pipefail', '-c', line], { encoding: 'utf8' })
const secondsSince = (begun) => ((performance.now() - begun) / 1000).toFixed(0)

mkdirSync(folder, { recursive: true })
sh(`nb101-sample -n ${values.networks} --seed 1 --stem-filter-size 32 > ${folder}/cells.ndjson`)
const stopLoad = values.load === 'on' ? startLoad() : () => undefined
try {
  for (const run of [1, 2]) {
    const begun = performance.now()
    const visits = `${folder}/run${run}.ndjson`
    sh(`${MEASURE} --seed ${run} --resume ${visits} ${folder}/cells.ndjson >> ${visits}`)
    console.log(`run ${run}: ${secondsSince(begun)} s`)
  }
} finally {
  stopLoad()
}

console.log(`${''.padEnd(28)}${['networks', 'bias', 'median', '90th', 'rho'].map(cell).join('')}`)
show('two visits, detrended', 'detrend -q')
show('two visits, their median', 'cat')
show('one visit', ONE_VISIT)
show('quickest runs, detrended', 'detrend -q', 'min')
show('quickest runs, one visit', ONE_VISIT, 'min')

/** Keeps one core busy for 3 to 15 s, and leaves it alone for as long. */
function startLoad() {
  const script = fileURLToPath(new URL('repeatability/load.js', import.meta.url))
  const child = spawn('taskset', ['-c', '0', process.execPath, script], { stdio: 'inherit' })
  child.on('error', (error) =>
    console.error(`no load, since taskset does not run: ${error.message}`),
  )
  return () => child.kill()
}

/** Compares a statistic of the two runs, after both went through a filter. */
function show(name, filter, statistic = 'median') {
  const [first, second] = [1, 2].map((run) => `<(${filter} ${folder}/run${run}.ndjson)`)
  const [row] = JSON.parse(
    sh(`evaluate -q --json --statistic ${statistic} --against ${first} ${second}`),
  )
  const {
    networks,
    bias_percent,
    median_difference_percent,
    p90_difference_percent,
    spearman_rho,
  } = row
  const percents = [bias_percent, median_difference_percent, p90_difference_percent]
  const cells = [
    networks,
    ...percents.map((value) => `${value.toFixed(2)}%`),
    (spearman_rho ?? NaN).toFixed(4),
  ]
  console.log(`${name.padEnd(28)}${cells.map(cell).join('')}`)
}

function cell(value) {
  return String(value).padStart(10)
}
