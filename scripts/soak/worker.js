// A host of the soak: `farm work`, with synthetic devices in the place of phones. A network whose id begins with `poison` kills it.
// Usage: node worker.js OPTIONS, where OPTIONS is JSON of { url, devices, folder, timing, ms }.
import { appendFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { work } from '../../lib/farm/dist/index.js'
import { LetiError } from '../../lib/records/dist/index.js'

const { url, devices, folder, timing, ms } = JSON.parse(process.argv[2])

/** Measures nothing: it takes a random time. It is unplugged while the file `NAME.unplugged` exists. */
function syntheticDevice(name) {
  const isUnplugged = () => existsSync(join(folder, `${name}.unplugged`))
  return {
    name,
    problem: async () => (isUnplugged() ? 'it is unplugged' : undefined),
    machine: async () => name,
    lock: async () => ({ release: () => {} }),
    close: async () => {},
    async measure({ record, visit }) {
      appendFileSync(join(folder, 'measured'), `${record.id} ${name}\n`)
      await delay(ms[0] + Math.random() * (ms[1] - ms[0]))
      if (record.id.startsWith('poison')) process.kill(process.pid, 'SIGKILL')
      if (isUnplugged()) throw new LetiError('device-lost', 'it was unplugged')
      return {
        ...record,
        measurement: { device: name, target: 'synthetic', latency_ms: {}, visit },
      }
    },
  }
}

const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
const say = (message) => console.error(`worker ${process.pid}: ${message}`)
const options = { url, isVolatile: false, say, signal: stop.signal, timing }
await work(devices.map(syntheticDevice), options)
process.exit(0)
