// Damages a devices.yaml at random and loads it. A case is a finding if it ends in anything but devices,
// wrong entries or a wrong usage, each told in one line. It is printed with the options that repeat it.
//
//   node scripts/fuzz-devices.js [--minutes 10] [--seed N] [--case N]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadDevices } from '../lib/devices/dist/index.js'
import { Dice } from './fuzz/dice.js'
import { damagedBytes } from './fuzz/mutations.js'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
  },
})

const DEVICES = `desktop: { target: chromium, backend: webgpu, executable: /usr/bin/google-chrome }
threads: &t { target: chromium, backend: wasm, threads: 4 }
running: { target: chromium, endpoint: 'ws://127.0.0.1:9222/devtools/browser/x' }
slow: { target: node, backend: cpu }
pixel-gpu:
  target: android-tflite
  serial: 0123456789ABCDEF usb:1-2
  delegate: gpu
  benchmark_model: ./android_aarch64_benchmark_model
pixel-app: { target: android-tflite, serial: "0A1B2C3D", delegate: gpu, runner: app }
alias: *t
`

/** What is put into the text. */
const PARTS = [
  ...['&a ', '*a', '*t', '<<: *t', '!!js/function ', '!!binary ', '? ', '- ', '---\n', '%YAML 3\n'],
  ...['__proto__: ', 'constructor', '1e400', '.nan', '-0x1', '""', '~', '|', '>', ': ', ',', '\n'],
  ...['[', '{', '}', ']', '\t', '\0', '\u001b[2J', '['.repeat(5000), 'x'.repeat(5000)],
]

function damaged(dice) {
  if (dice.below(3) === 0) return damagedBytes(Buffer.from(DEVICES), dice)
  let text = DEVICES
  for (let count = dice.of([1, 1, 2, 5, 20]); count > 0; count--) {
    const at = dice.below(text.length + 1)
    text = text.slice(0, at) + dice.of(PARTS) + text.slice(at + dice.of([0, 0, 3, 30]))
  }
  return text
}

/** What comes of a damaged file: `devices`, `wrong entry`, `usage` or `finding`. */
async function outcomeOf(path) {
  try {
    const problems = (await loadDevices(path)).flatMap(({ problem }) => problem ?? [])
    if (problems.some(({ message }) => message.includes('\n'))) return 'finding'
    return problems.length > 0 ? 'wrong entry' : 'devices'
  } catch (error) {
    return error.code === 'usage' && !error.message.includes('\n') ? 'usage' : 'finding'
  }
}

const folder = mkdtempSync(join(tmpdir(), 'leti-fuzz-'))
const path = join(folder, 'devices.yaml')
const counts = {}
const end = performance.now() + 60_000 * Number(values.minutes)
const isReplay = values.case !== undefined
let number = Number(values.case ?? 0)
do {
  writeFileSync(path, damaged(new Dice(`${values.seed}/${number}`)))
  const outcome = await outcomeOf(path)
  counts[outcome] = (counts[outcome] ?? 0) + 1
  if (outcome === 'finding') console.log(`finding: --seed ${values.seed} --case ${number}`)
  number++
} while (!isReplay && performance.now() < end)
if (!isReplay) rmSync(folder, { recursive: true })
console.log(JSON.stringify(counts))
if (counts.finding) process.exitCode = 1
