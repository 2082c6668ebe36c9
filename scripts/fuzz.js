// Damages model files at random, then reads each, counts its cost and writes it in all formats, as
// gen-model does. A case is a finding if it gives neither a network nor a LetiError with an expected code,
// or takes more than 10 s or 512 MiB of heap. It is printed with the options that repeat it.
//
//   node scripts/fuzz.js [--minutes 10] [--seed N] [--input-shape 1,3,224,224] [FILE ...]
//   node scripts/fuzz.js --seed N --case N [FILE ...]        the same case again; its file is kept
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { CORPUS } from './fuzz/corpus.js'

const LIMIT_MS = 10_000
const HEAP_MB = 512

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
    'input-shape': { type: 'string' },
  },
})
const shape = values['input-shape']?.split(',').map(Number)
const files = positionals.length > 0 ? positionals.map((path) => ({ path, shape })) : CORPUS
const folder = mkdtempSync(join(tmpdir(), 'leti-fuzz-'))

let worker
const start = performance.now()
const seconds = () => (performance.now() - start) / 1000
if (values.case === undefined) await fuzz()
else await replay(Number(values.case))
await worker?.terminate()

async function fuzz() {
  const counts = {}
  let cases = 0
  for (; seconds() < 60 * Number(values.minutes); cases++) {
    const { code, thrown } = await run(cases)
    counts[code] = (counts[code] ?? 0) + 1
    if (code === 'finding') console.log(`${replayOf(cases)}\n${thrown}\n`)
  }
  rmSync(folder, { recursive: true })
  const peak = Math.round(process.resourceUsage().maxRSS / 1024)
  const outcomes = Object.entries(counts).map(([code, count]) => `${count} ${code}`)
  const { finding = 0 } = counts
  console.log(
    `${cases} cases in ${seconds().toFixed(0)} s, peak ${peak} MiB, findings: ${finding} (${outcomes.join(', ')})`,
  )
  if (finding > 0) process.exitCode = 1
}

async function replay(number) {
  const { code, thrown = '' } = await run(number)
  console.log(`${code}; the file is in ${folder}\n${thrown}`)
  if (code === 'finding') process.exitCode = 1
}

function replayOf(number) {
  const { path } = files[number % files.length]
  return `${path}: --seed ${values.seed} --case ${number}`
}

/** The outcome of a case. A new worker replaces one that runs out of time or memory. */
function run(number) {
  const runner = (worker ??= new Worker(new URL('fuzz/worker.js', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  }))
  return new Promise((resolve) => {
    const end = (outcome) => {
      clearTimeout(timer)
      runner.off('message', end).off('error', broken)
      resolve(outcome)
    }
    const fail = (thrown) => {
      worker = undefined
      void runner.terminate()
      end({ code: 'finding', thrown })
    }
    const broken = (error) => fail(String(error.stack))
    const timer = setTimeout(() => fail(`not done within ${LIMIT_MS / 1000} s`), LIMIT_MS)
    runner.on('message', end).on('error', broken)
    runner.postMessage({ ...files[number % files.length], folder, seed: values.seed, number })
  })
}
