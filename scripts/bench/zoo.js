// Predicts the whole zoo by a predictor that was trained without it, on single kernels and NAS-Bench-101
// cells. Compares it with the line through the MACs. `make -f scripts/fixtures.mk` measures such files anew.
//
//   node scripts/bench/zoo.js [--kernels FILE --cells FILE --zoo FILE]
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { featurize } from '../../lib/features/dist/index.js'
import { PREDICTOR_KINDS } from '../../lib/predictors/dist/kinds/index.js'
import { networkOf } from '../../lib/spaces/dist/index.js'
import { readRecords } from '../read-records.js'

const fixture = (name) => fileURLToPath(new URL(`../../fixtures/measured/${name}`, import.meta.url))

const { values } = parseArgs({
  options: {
    kernels: { type: 'string', default: fixture('kernels-node-cpu.ndjson.gz') },
    cells: { type: 'string', default: fixture('nb101-f64-node-cpu.ndjson.gz') },
    zoo: { type: 'string', default: fixture('zoo-node-cpu.ndjson.gz') },
  },
})

const sets = [values.kernels, values.cells, values.zoo]
await report(...(await Promise.all(sets.map(samplesOf))))

async function report(kernels, cells, zoo) {
  const options = { latencyScale: 'linear', seed: 0 }
  const model = await PREDICTOR_KINDS.kernels.fit([...kernels, ...cells], options)
  const line = await PREDICTOR_KINDS.flops.fit(cells, options)
  const own = await PREDICTOR_KINDS.flops.fit(zoo, options)
  console.log(`zoo: trained on ${kernels.length} networks of one kernel and ${cells.length} cells`)
  console.log(
    `${''.padEnd(28)}${['measured', 'kernels', 'MACs line', "the zoo's own"].map(pad).join('')}`,
  )
  const errors = [model, line, own].map((of) =>
    zoo.map(({ features, kernels, latency_ms }) => of.estimate(features, kernels) / latency_ms - 1),
  )
  zoo.forEach(({ id, latency_ms }, i) => {
    const cells = errors.map((of) => pad(percent(of[i], true)))
    console.log(
      `${id.replace('zoo-', '').padEnd(28)}${pad(`${latency_ms.toFixed(1)} ms`)}${cells.join('')}`,
    )
  })
  const row = (name, value) =>
    console.log(
      `${name.padEnd(28)}${pad('')}${errors.map((of) => pad(percent(value(of.map(Math.abs))))).join('')}`,
    )
  const within = (part) => (of) => of.filter((error) => error <= part).length / of.length
  row('mean error', (of) => of.reduce((sum, error) => sum + error, 0) / of.length)
  row('median error', (of) => [...of].sort((a, b) => a - b)[of.length >> 1])
  row('within 10%', within(0.1))
  row('within 25%', within(0.25))
}

async function samplesOf(file) {
  const records = await readRecords(file)
  return records.map((record) => ({
    id: record.id,
    latency_ms: record.measurement.latency_ms.median,
    ...featurize(networkOf(record), { sets: ['proxies'], kernels: true }),
  }))
}

function percent(value, signed = false) {
  const text = `${(100 * value).toFixed(1)}%`
  return signed && value > 0 ? `+${text}` : text
}

function pad(text) {
  return text.padStart(15)
}
