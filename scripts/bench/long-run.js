// Does the memory of a tool grow with the stream? Runs tools over long streams and compares their resident
// memory near the beginning with that at the end (Linux only). `long-run.js featurize` runs one of them.
import './tools-on-path.js'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runLine } from './run-line.js'
import { watchMemory } from './watch-memory.js'

const MILLION = 1_000_000
const folder = mkdtempSync(join(tmpdir(), 'leti-bench-'))
const predictor = join(folder, 'predictor.json')
const features = join(folder, 'features.ndjson')

const RUNS = {
  // The whole space, more than twice.
  featurize: {
    line: `for round in 1 2 3; do nb101-sample --all --stem-filter-size 64; done | head -${MILLION} | featurize`,
    records: MILLION,
  },
  predict: {
    prepare:
      `featurize fixtures/measured/nb101-f64-node-wasm.ndjson | train -q --model additive > ${predictor}; ` +
      `nb101-sample -n 10000 --stem-filter-size 64 | featurize > ${features}`,
    line: `for round in {1..100}; do cat ${features}; done | predict --predictor ${predictor}`,
    records: MILLION,
  },
}

const asked = process.argv.slice(2)
for (const [tool, { prepare, line, records }] of Object.entries(RUNS)) {
  if (asked.length && !asked.includes(tool)) continue
  if (prepare) await runLine(prepare)
  const { count, first, last, peak } = await watchMemory(line, tool, records)
  const growth = ((100 * (last - first)) / first).toFixed(1)
  console.log(
    `${tool.padEnd(12)} ${count} records: ${first} MiB up to the first tenth, ${last} MiB in the last ` +
      `(${growth}%), peak ${peak} MiB`,
  )
}
