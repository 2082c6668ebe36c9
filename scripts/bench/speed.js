// Records per second, and CPU time per record, of each stage from NAS-Bench-101's cells to their predictions, beside the
// time to copy the same bytes. Usage: node scripts/bench/speed.js [RECORDS]
import './tools-on-path.js'
import { execFileSync } from 'node:child_process'
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { timedLine } from './run-line.js'

const count = Number(process.argv[2] ?? 40_000)
const folder = mkdtempSync(join(tmpdir(), 'leti-speed-'))
const at = (name) => join(folder, name)

/** The predictor's kinds: they differ in what a prediction costs. */
const KINDS = ['additive', 'gp']

try {
  // The end of the space: most of its cells have seven vertices.
  shell(`nb101-sample --all | tail -n ${count} > ${at('cells')}`)
  shell(`shuf -n 400 --random-source=<(yes) ${at('cells')} | featurize > ${at('some')}`)
  await addLatencies(at('some'), at('measured'))
  console.log(`${count} cells          records/s   us of CPU a record   copying its output, s`)
  report('featurize', `featurize ${at('cells')}`)
  for (const kind of KINDS) {
    shell(`train -q --model ${kind} ${at('measured')} > ${at(kind)}`)
    for (const jobs of [1, 2]) {
      const line = `predict -q --jobs ${jobs} --predictor ${at(kind)} ${at('cells')} 2> ${at('errors')}`
      report(`predict ${kind}, ${jobs} jobs`, `(${line} || true)`)
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}

function report(name, line) {
  const { seconds: wall, cpu_seconds: cpu } = timedLine(`${line} > ${at('out')}`)
  const { seconds: copy } = timedLine(`cat ${at('out')} > ${at('copy')}`)
  const rate = (count / wall).toFixed(0).padStart(9)
  const each = ((1e6 * cpu) / count).toFixed(0).padStart(9)
  const megabytes = (statSync(at('out')).size / 1e6).toFixed(0)
  console.log(`${name.padEnd(24)}${rate}${each}               ${copy.toFixed(2)} (${megabytes} MB)`)
}

function shell(line) {
  return execFileSync('bash', ['-c', line], { encoding: 'utf8' })
}

/** Latencies that follow some features: only the time of predictions counts here. */
async function addLatencies(from, to) {
  const out = createWriteStream(to)
  let index = 0
  for await (const text of createInterface(createReadStream(from))) {
    const record = JSON.parse(text)
    const { macs, kernel_max_pool_3x3_count: pools, path_width: width } = record.features
    const ms = (2 + macs / 1e8 + pools / 3 + width) * (1 + 0.01 * Math.sin(++index))
    const latency_ms = { median: ms, mean: ms, std: 0, min: ms, p90: ms, count: 10 }
    const measurement = { device: 'none', backend: 'wasm', latency_ms }
    out.write(JSON.stringify({ ...record, measurement }) + '\n')
  }
  await new Promise((resolve) => out.end(resolve))
}
