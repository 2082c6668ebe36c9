// Measures many networks with outputs of 100,000 numbers in one run: the memory of device-run and of the
// processes that it starts must not grow with the records (Linux only).
// Usage: node long-run-devices.js [RECORDS on node] [RECORDS in Chromium]
import './tools-on-path.js'
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [onNode = 10_000, inChromium = 500] = process.argv.slice(2).map(Number)
const NETWORK =
  'nb101-sample -n 1 --stem-filter-size 8 --num-stacks 1 --num-modules-per-stack 1 --input-shape 8x8x3 --num-labels 100000'
/** Caches and heaps grow until here. */
const WARM_UP = 100
/** Rows of each table, after the warm-up. */
const ROWS = 10

const folder = mkdtempSync(join(tmpdir(), 'leti-bench-'))
try {
  const line = `${NETWORK} | gen-model --out ${folder}`
  const record = JSON.parse(execFileSync('bash', ['-c', line], { encoding: 'utf8' }))
  await longRun('node', onNode, record)
  await longRun('chromium', inChromium, record)
} finally {
  rmSync(folder, { recursive: true })
}

async function longRun(device, count, record) {
  console.log(`device-run -d ${device}, ${count} records with outputs of 100,000 numbers`)
  console.log('  records  device-run MiB  its processes MiB')
  const rows = await memoryOver(device, count, record)
  for (const { records, own, started } of rows) {
    console.log(`  ${pad(records, 7)}  ${pad(own, 14)}  ${pad(started, 17)}`)
  }
  const warm = rows.filter(({ records }) => records >= WARM_UP)
  for (const part of ['own', 'started']) {
    const growth = (100 * (mean(warm.slice(-3), part) / mean(warm.slice(0, 3), part) - 1)).toFixed(
      1,
    )
    console.log(`  ${part === 'own' ? 'device-run' : 'its processes'}: ${growth}% more at the end`)
  }
}

/** The resident memory after the warm-up, and ten times after it. */
async function memoryOver(device, count, record) {
  const input = join(folder, `${device}.ndjson`)
  const lines = Array.from({ length: count }, (_, id) =>
    JSON.stringify({ ...record, id: `r${id}` }),
  )
  writeFileSync(input, lines.join('\n'))
  const args = ['-q', '-d', device, '--max-seconds', '0', input]
  const run = spawn('device-run', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const every = Math.ceil((count - WARM_UP) / ROWS)
  const rows = []
  let records = 0
  run.stdout.on('data', (chunk) => {
    for (const byte of chunk) {
      if (byte !== 10) continue
      records++
      if (records >= WARM_UP && (records - WARM_UP) % every === 0)
        rows.push({ records, ...memoryOf(run.pid) })
    }
  })
  const code = await new Promise((resolve) => run.once('close', resolve))
  if (code !== 0) throw new Error(`exit code ${code}`)
  return rows
}

/** Resident memory of a process and of all that descend from it, in MiB. */
function memoryOf(pid) {
  const all = readdirSync('/proc').filter(Number).flatMap(statusOf)
  const tree = new Set([pid])
  for (const { pid: id, parent } of all) if (tree.has(parent)) tree.add(id)
  const sum = (some) => Math.round(some.reduce((total, { kib }) => total + kib, 0) / 1024)
  return {
    own: sum(all.filter(({ pid: id }) => id === pid)),
    started: sum(all.filter(({ pid: id }) => id !== pid && tree.has(id))),
  }
}

function statusOf(name) {
  try {
    const status = readFileSync(`/proc/${name}/status`, 'utf8')
    const number = (member) =>
      Number(new RegExp(`^${member}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    return [{ pid: Number(name), parent: number('PPid'), kib: number('VmRSS') }]
  } catch {
    // The process has ended in the meantime.
    return []
  }
}

function mean(rows, part) {
  return rows.reduce((sum, row) => sum + row[part], 0) / rows.length
}

function pad(value, width) {
  return String(value).padStart(width)
}
