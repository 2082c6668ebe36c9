// How much of a run is inference: the share of the wall time that is warm-up and timed runs, on node and in Chromium,
// over cells of NAS-Bench-101 that take 10 ms and more. What is left is loading (load_ms, which ends before the first run),
// and the rest: making the model, the check against the reference, and start-up.
//
//   node scripts/bench/overhead.js [--number 10] [--visits 2] [--devices node,chromium] ['--options=--max-seconds 2']
import './tools-on-path.js'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    number: { type: 'string', default: '10' },
    visits: { type: 'string', default: '2' },
    devices: { type: 'string', default: 'node,chromium' },
    options: { type: 'string', default: '' },
  },
})

const LEAST_MS = 10

const percent = (part, whole) => `${((100 * part) / whole).toFixed(0)}%`

for (const device of values.devices.split(',')) {
  const line = `nb101-sample -n ${values.number} --seed 1 | device-run -q -d ${device} --visits ${values.visits} ${values.options}`
  const begun = performance.now()
  const child = spawn('bash', ['-o', 'pipefail', '-c', line], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // Each record with the moment in which it was written.
  const visits = []
  for await (const text of createInterface({ input: child.stdout })) {
    const { measurement } = JSON.parse(text)
    if (measurement) visits.push({ measurement, at: performance.now() })
  }
  const wall = performance.now() - begun
  // Without the start of the programs and the yardsticks of the first network.
  const steady = visits.flatMap((visit, i) =>
    i ? [{ ...visit, took: visit.at - visits[i - 1].at }] : [],
  )
  const slow = steady.filter(({ measurement }) => measurement.latency_ms.median >= LEAST_MS)
  console.log(`${device}: ${visits.length} visits, ${(wall / 1000).toFixed(0)} s`)
  if (!slow.length) continue
  console.log(`  after the first, ${LEAST_MS} ms and more: ${partsOf(slow)}`)
  for (const pass of new Set(slow.map(({ measurement }) => measurement.visit))) {
    const own = slow.filter(({ measurement }) => measurement.visit === pass)
    console.log(`  visit ${pass}: ${partsOf(own)}`)
  }
}

/** Where the time of visits goes. */
function partsOf(some) {
  const took = some.reduce((sum, one) => sum + one.took, 0)
  const share = (...names) =>
    percent(
      some.reduce(
        (sum, { measurement }) => sum + names.reduce((all, name) => all + measurement[name], 0),
        0,
      ),
      took,
    )
  const runs = share('first_run_ms', 'warm_up_ms', 'sampled_ms')
  const each = (took / some.length / 1000).toFixed(2)
  return `runs ${runs} (timed ${share('sampled_ms')}), loading ${share('load_ms')} of ${each} s a visit`
}
