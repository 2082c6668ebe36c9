// Damages a devices.yaml and loads it. A finding is anything but devices, wrong entries or a wrong usage, each
// told in one line, and a file that takes long.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadDevices } from '../../lib/devices/dist/index.js'
import { Dice } from './dice.js'
import { damagedBytes } from './mutations.js'

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

export function devices({ folder, seed, limitMs }) {
  const path = join(folder, 'devices.yaml')
  return {
    async run(number) {
      writeFileSync(path, damaged(new Dice(`${seed}/${number}`)))
      const start = performance.now()
      const outcome = await outcomeOf(path)
      const ms = performance.now() - start
      return ms > limitMs ? { code: 'finding', thrown: `took ${Math.round(ms)} ms` } : outcome
    },
    close: () => {},
  }
}

function damaged(dice) {
  if (dice.below(3) === 0) return damagedBytes(Buffer.from(DEVICES), dice)
  let text = DEVICES
  for (let count = dice.of([1, 1, 2, 5, 20]); count > 0; count--) {
    const at = dice.below(text.length + 1)
    text = text.slice(0, at) + dice.of(PARTS) + text.slice(at + dice.of([0, 0, 3, 30]))
  }
  return text
}

async function outcomeOf(path) {
  try {
    const problems = (await loadDevices(path)).flatMap(({ problem }) => problem ?? [])
    const long = problems.find(({ message }) => message.includes('\n'))
    if (long) return { code: 'finding', thrown: long.message }
    return { code: problems.length > 0 ? 'wrong entry' : 'devices' }
  } catch (error) {
    const isUsage = error.code === 'usage' && !error.message.includes('\n')
    return isUsage ? { code: 'usage' } : { code: 'finding', thrown: String(error.stack ?? error) }
  }
}
