// Do two full runs agree? Measures the same cells of NAS-Bench-101 twice on this computer, while a load comes and goes
// on one core, and compares the two runs: after detrend, without it, and with one visit.
//
//   node scripts/bench/repeatability.js [--networks 100] [--load on|off] [--folder build/repeatability]
//
// The goal after detrend: a median difference of 1%, a 90th percentile of 3%, Spearman's rho .997. The visits stay in the
// folder; a second call with it measures only what is missing.
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
  },
})
const { folder } = values

/** Without the reference, which each run would compute once for each network, there is time for more networks. */
const MEASURE = 'device-run -q -d node --visits 2 --max-seconds 2 --no-verify'

const sh = (line) => execFileSync('bash', ['-o', 'pipefail', '-c', line], { encoding: 'utf8' })
const seconds = (begun) => ((performance.now() - begun) / 1000).toFixed(0)

mkdirSync(folder, { recursive: true })
sh(`nb101-sample -n ${values.networks} --seed 1 --stem-filter-size 32 > ${folder}/cells.ndjson`)
const stopLoad = values.load === 'on' ? startLoad() : () => undefined
try {
  for (const run of [1, 2]) {
    const begun = performance.now()
    const visits = `${folder}/run${run}.ndjson`
    sh(`${MEASURE} --seed ${run} --resume ${visits} ${folder}/cells.ndjson >> ${visits}`)
    console.log(`run ${run}: ${seconds(begun)} s`)
  }
} finally {
  stopLoad()
}

console.log(`${''.padEnd(28)}${['networks', 'bias', 'median', '90th', 'rho'].map(cell).join('')}`)
show('two visits, detrended', 'detrend -q')
show('two visits, their median', 'cat')
show('one visit', "jq -c 'select(.measurement.visit == 1)'")

/** Keeps one core busy for 3 to 15 s, and leaves it alone for as long. */
function startLoad() {
  const script = fileURLToPath(new URL('repeatability/load.js', import.meta.url))
  const child = spawn('taskset', ['-c', '0', process.execPath, script], { stdio: 'inherit' })
  child.on('error', (error) =>
    console.error(`no load, since taskset does not run: ${error.message}`),
  )
  return () => child.kill()
}

/** Compares the two runs, after both went through a filter. */
function show(name, filter) {
  const [first, second] = [1, 2].map((run) => `<(${filter} ${folder}/run${run}.ndjson)`)
  const [row] = JSON.parse(sh(`evaluate -q --json --against ${first} ${second}`))
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
