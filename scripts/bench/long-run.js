// Does the memory of a tool grow with the stream? Runs tools over long streams and compares their resident
// memory near the beginning with that at the end (Linux only). `long-run.js featurize` runs one of them.
import './tools-on-path.js'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runLine } from './run-line.js'
import { watchMemory } from './watch-memory.js'

const MILLION = 1_000_000
const predictor = join(mkdtempSync(join(tmpdir(), 'leti-bench-')), 'predictor.json')

/** A million records: the whole space, more than twice. */
const CELLS = `for round in 1 2 3; do nb101-sample --all --stem-filter-size 64; done | head -${MILLION}`

const RUNS = {
  featurize: { line: `(${CELLS}) | featurize`, records: MILLION },
  predict: {
    prepare: `featurize fixtures/measured/nb101-f64-node-wasm.ndjson | train -q --model additive > ${predictor}`,
    line: `(${CELLS}) | featurize | predict --predictor ${predictor}`,
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
