// Damages a devices file and lists its devices. A finding is a fault of `device-run` (`command.js`).
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultOf, run } from './command.js'
import { Dice } from './dice.js'
import { damagedBytes, damagedJson } from './mutations.js'

const DEVICES = {
  fast: { target: 'node', runtime: 'tfjs', backend: 'cpu' },
  browser: { target: 'chromium', runtime: 'tfjs', backend: 'wasm', executable: '/usr/bin/false' },
  phone: { target: 'android-chrome', serial: 'XYZ', runtime: 'tfjs', backend: 'webgl' },
  other: { target: 'android-tflite', serial: 'XYZ', benchmark_model: '/tmp/benchmark', threads: 4 },
}
/** Every JSON text is YAML too. */
const JSON_FORM = Buffer.from(JSON.stringify(DEVICES))
const YAML_FORM = Buffer.from(
  Object.entries(DEVICES)
    .map(([name, members]) => {
      const lines = Object.entries(members).map(([key, value]) => `  ${key}: ${value}`)
      return [`${name}:`, ...lines].join('\n')
    })
    .join('\n'),
)

export function devices({ folder, seed }) {
  return {
    async run(number) {
      const dice = new Dice(`${seed}/${number}`)
      const path = join(folder, 'devices.yaml')
      const isYaml = number % 2 === 0
      writeFileSync(path, isYaml ? damagedBytes(YAML_FORM, dice) : damagedJson(JSON_FORM, dice))
      const result = await run('device-run', ['--list', '--devices', path])
      // The list is text for people, not JSON.
      const thrown = faultOf({ ...result, stdout: '' })
      return thrown ? { code: 'finding', thrown } : { code: `exit ${result.code}` }
    },
    close: () => {},
  }
}
