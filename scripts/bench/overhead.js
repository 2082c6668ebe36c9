// How much of a run is inference: the share of the wall time that is timed, on node and in Chromium, over cells of
// NAS-Bench-101 that take 10 ms and more. What is left is warm-up, making and loading models, checks and start-up.
import './tools-on-path.js'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    number: { type: 'string', default: '10' },
    visits: { type: 'string', default: '2' },
    devices: { type: 'string', default: 'node,chromium' },
  },
})

const LEAST_MS = 10

const percent = (part, whole) => `${((100 * part) / whole).toFixed(0)}%`

for (const device of values.devices.split(',')) {
  const line = `nb101-sample -n ${values.number} --seed 1 | device-run -q -d ${device} --visits ${values.visits}`
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
  const timed = (some) => some.reduce((sum, { measurement }) => sum + measurement.sampled_ms, 0)
  // Without the start of the programs and the yardsticks of the first network.
  const steady = visits.flatMap((visit, i) =>
    i ? [{ ...visit, took: visit.at - visits[i - 1].at }] : [],
  )
  const slow = steady.filter(({ measurement }) => measurement.latency_ms.median >= LEAST_MS)
  const took = (some) => some.reduce((sum, one) => sum + one.took, 0)
  const passes = new Map(slow.map(({ measurement: { visit } }) => [visit, []]))
  for (const visit of slow) passes.get(visit.measurement.visit).push(visit)
  const byPass = [...passes].map(([pass, own]) => `visit ${pass} ${percent(timed(own), took(own))}`)
  console.log(
    `${device}: ${visits.length} visits, timed ${percent(timed(visits), wall)} of ${(wall / 1000).toFixed(0)} s`,
  )
  console.log(
    `  after the first, ${LEAST_MS} ms and more: ${percent(timed(slow), took(slow))} (${byPass.join(', ')})`,
  )
}
