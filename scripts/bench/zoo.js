// Predicts the whole zoo by a predictor that was trained without it, on single kernels and NAS-Bench-101
// cells. Compares it with the line through the MACs. Uses fixtures/measured, or measures anew.
//
//   node scripts/bench/zoo.js [--kernels FILE --cells FILE --zoo FILE]
//   node scripts/bench/zoo.js --measure FOLDER [--count 2000]    measures what FOLDER still lacks
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { featurize } from '../../lib/features/dist/index.js'
import { PREDICTOR_KINDS } from '../../lib/predictors/dist/kinds/index.js'
import { drawKernels, networkOf, ZOO_NAMES, zooRecord } from '../../lib/spaces/dist/index.js'
import { readRecords } from '../read-records.js'
import { keepRecords } from './kept-records.js'

const fixture = (name) => fileURLToPath(new URL(`../../fixtures/measured/${name}`, import.meta.url))
const CELLS = fixture('nb101-f64-node-wasm.ndjson')
const CELL_COUNT = 60

const { values } = parseArgs({
  options: {
    kernels: { type: 'string', default: fixture('kernels-node-cpu.ndjson.gz') },
    cells: { type: 'string', default: fixture('nb101-f64-node-cpu.ndjson.gz') },
    zoo: { type: 'string', default: fixture('zoo-node-cpu.ndjson.gz') },
    measure: { type: 'string' },
    count: { type: 'string', default: '2000' },
  },
})

const files = values.measure ? await measureAll(values.measure) : values
const sets = [files.kernels, files.cells, files.zoo]
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

/** Measures the three sets in turns, because the speed of a machine drifts. */
async function measureAll(folder) {
  mkdirSync(folder, { recursive: true })
  const cells = (await readRecords(CELLS)).slice(0, CELL_COUNT)
  const sets = {
    kernels: [...drawKernels(Number(values.count), 1)],
    cells: cells.map(({ id, arch }) => ({ id, arch })),
    zoo: ZOO_NAMES.map((name) => zooRecord(name)),
  }
  const script = fileURLToPath(new URL('cpu-latency.js', import.meta.url))
  const paths = Object.entries(sets).map(([name, records]) => {
    const due = join(folder, `${name}-due.ndjson`)
    if (!existsSync(due))
      writeFileSync(due, records.map((record) => JSON.stringify(record) + '\n').join(''))
    return [name, due, join(folder, `${name}.ndjson`)]
  })
  for (let left = true; left;) {
    left = false
    for (const [, due, out] of paths) {
      const { status } = spawnSync(process.execPath, [script, due, out, '--seconds', '120'], {
        stdio: 'inherit',
      })
      if (status !== 0 && status !== 3) throw new Error(`cpu-latency failed with ${status}`)
      left ||= status === 3
    }
  }
  const kept = {}
  for (const [name, , out] of paths) {
    kept[name] = `${out}.gz`
    const records = await readRecords(out)
    keepRecords(
      records.filter(({ error }) => !error),
      kept[name],
    )
  }
  return kept
}

function percent(value, signed = false) {
  const text = `${(100 * value).toFixed(1)}%`
  return signed && value > 0 ? `+${text}` : text
}

function pad(text) {
  return text.padStart(15)
}
