// Measures networks on this computer's CPU by the CPU time of their runs, in TensorFlow.js on wasm with
// one thread. On a quiet machine CPU time equals latency. On a shared machine it approximates the latency
// of a quiet one, except that a busy hyperthread of the same core still slows a run. A small reference
// network therefore runs between the samples: it shows which samples were taken in a quiet moment.
//
//   node scripts/bench/cpu-latency.js records.ndjson out.ndjson [--seconds 300]
//
// Continues with the networks that out.ndjson lacks, or for which it has too few quiet samples. Exits with
// 3 if some are left.
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { latencyStatistics } from '../../lib/devices/dist/statistics.js'
import { start } from '../../lib/devices/dist/runtimes/tfjs/node.js'
import { describeModel, writeModel } from '../../lib/formats/dist/index.js'
import { networkOf } from '../../lib/spaces/dist/index.js'
import { readRecords } from '../read-records.js'

/** CPU time before the first sample counts, in ms. */
const WARM_UP_MS = 60
/** Largest time of the reference in a quiet moment, relative to its best. */
const QUIET = 1.12

/** Quiet samples that suffice for a network. */
const SAMPLES = 6
/** Time limit of a visit to a network, and the number of samples that it takes in any case. */
const PATIENCE_MS = 300
const MIN_TRIED = 2
/** Limit on the visits to a network. */
const MAX_VISITS = 25
/** Limit on the samples that are kept of a network: those of the quietest moments. */
const MAX_KEPT = 40

/** The reference: a convolution that fits into the caches. */
const REFERENCE = {
  id: 'reference',
  arch: {
    space: 'kernel',
    nodes: [
      { type: 'input', shape: [14, 14, 64] },
      {
        type: 'conv2d',
        filters: 64,
        window: { size: [3, 3], strides: [1, 1], padding: 'same' },
        bias: true,
        inputs: [0],
      },
    ],
    repeats: 1,
  },
}

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '300' } },
  allowPositionals: true,
})
const [source, out] = positionals
const results = new Map(
  (existsSync(out) ? await readRecords(out) : []).map((record) => [record.id, record]),
)
const records = await readRecords(source)
const deadline = performance.now() + 1000 * Number(values.seconds)
const { session, runtime } = await start('wasm')
const { session: reference } = await start('wasm')
await loadInto(reference, REFERENCE)
const references = []
let best = Math.min(Infinity, ...[...results.values()].map(({ reference_ms }) => reference_ms))
for (let run = 0; run < 400; run++) await referenceTime()

for (;;) {
  const due = records.filter(({ id }) => isDue(results.get(id)))
  if (!due.length || performance.now() > deadline) break
  const least = Math.min(...due.map(({ id }) => results.get(id)?.visits ?? 0))
  for (const record of due.filter(({ id }) => (results.get(id)?.visits ?? 0) === least)) {
    if (performance.now() > deadline) break
    await visit(record)
  }
}
const lines = [...results.values()].map((record) => JSON.stringify(record) + '\n')
writeFileSync(`${out}.new`, lines.join(''))
renameSync(`${out}.new`, out)
process.exit(records.some(({ id }) => isDue(results.get(id))) ? 3 : 0)

function isDue(result) {
  return (
    !result ||
    (quietOf(result.tried).length < SAMPLES && result.visits < MAX_VISITS && !result.error)
  )
}

async function visit({ id, arch }) {
  const earlier = results.get(id)
  try {
    const found = await measure({ id, arch }, earlier?.tried ?? [])
    results.set(id, { id, arch, ...found, visits: (earlier?.visits ?? 0) + 1 })
  } catch (error) {
    const message = String(error.message).split('\n')[0]
    results.set(id, { id, arch, error: { tool: 'bench', code: 'model-failed', message } })
  }
}

/** Loads the record's network. Returns the member `model` of its record, and the time to load. */
async function loadInto(into, record) {
  const folder = mkdtempSync(join(tmpdir(), 'leti-'))
  try {
    const network = networkOf(record)
    const { path } = await writeModel(network.executed, 'tfjs', folder, 0)
    const { loadMs } = await into.load(path)
    return { model: describeModel(network, 'tfjs'), loadMs }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Adds samples to those of earlier visits: pairs of a time and the slowness of the reference. */
async function measure(record, tried) {
  const { model, loadMs } = await loadInto(session, record)
  const first = await cpuTime(session)
  for (let spent = first; spent < WARM_UP_MS;) spent += await cpuTime(session)
  const end = performance.now() + PATIENCE_MS
  let count = 0
  let before = await referenceTime()
  while (quietOf(tried).length < SAMPLES && (performance.now() < end || count < MIN_TRIED)) {
    const time = await cpuTime(session)
    const after = await referenceTime()
    tried.push([round(time), round(Math.max(before, after) / best)])
    before = after
    count++
  }
  tried.sort((a, b) => a[1] - b[1])
  tried.length = Math.min(tried.length, MAX_KEPT)
  return { model, measurement: measurementOf(tried, loadMs, first), tried, reference_ms: best }
}

function quietOf(tried) {
  return tried.filter(([, slowness]) => slowness < QUIET)
}

function round(value) {
  return Number(value.toPrecision(5))
}

async function referenceTime() {
  const time = await cpuTime(reference)
  references.push(time)
  if (references.length % 200 === 0) {
    const sorted = references.slice(-4000).sort((a, b) => a - b)
    best = Math.min(best, sorted[Math.floor(sorted.length / 20)])
  }
  return time
}

async function cpuTime(of) {
  const before = process.cpuUsage()
  await of.infer(1)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** The statistics of the quickest quarter: other processes only ever slow a run. */
function measurementOf(tried, load_ms, first_run_ms) {
  const times = tried.map(([time]) => time).sort((a, b) => a - b)
  const kept = times.slice(0, Math.ceil(times.length / 4))
  return {
    device: 'node',
    target: 'node',
    runtime,
    backend: 'wasm',
    threads: 1,
    batch: 1,
    latency_ms: latencyStatistics(kept),
    load_ms,
    first_run_ms,
    verified: false,
    started_at: new Date().toISOString(),
    environment: { clock: 'cpu', cpu: cpus()[0].model, node: process.versions.node },
  }
}
