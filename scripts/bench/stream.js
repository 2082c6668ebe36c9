// Sends all of NAS-Bench-101 through the pipe: records per second and peak memory of each stage.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runLine } from './run-line.js'

const CELLS = 423_624
const folder = mkdtempSync(join(tmpdir(), 'leti-bench-'))
const predictor = join(folder, 'predictor.json')
await runLine(
  `featurize fixtures/measured/nb101-f64-node-wasm.ndjson | train -q --model additive > ${predictor}`,
)

const featurize = 'nb101-sample --all --stem-filter-size 64 | featurize'
console.log('the whole space, 423,624 records')
for (const [name, line] of [
  ['nb101-sample --all', 'nb101-sample --all --stem-filter-size 64 | cat'],
  ['... | featurize', `${featurize} | cat`],
  ['... | featurize | predict', `${featurize} | predict --predictor ${predictor} | cat`],
]) {
  const { seconds, peaks } = await runLine(line)
  const memory = [...peaks].map(([tool, mib]) => `${tool} ${mib} MiB`).join(', ')
  const rate = Math.round(CELLS / seconds)
  console.log(
    `  ${name.padEnd(26)} ${seconds.toFixed(1).padStart(6)} s ${rate} records/s  ${memory}`,
  )
}

const some = join(folder, 'features.ndjson')
await runLine(`nb101-sample -n 100000 --stem-filter-size 64 | featurize > ${some}`)
const alone = await runLine(`predict --predictor ${predictor} < ${some} | cat`)
console.log(
  `  predict alone, from a file${alone.seconds.toFixed(1).padStart(10)} s ` +
    `${Math.round(100_000 / alone.seconds)} records/s`,
)

const half = await runLine(
  `nb101-sample -n 50000 --stem-filter-size 64 | featurize | predict --predictor ${predictor} | cat`,
)
const memory = [...half.peaks].map(([tool, mib]) => `${tool} ${mib} MiB`).join(', ')
console.log(`  memory for 50,000 records only: ${memory}`)
