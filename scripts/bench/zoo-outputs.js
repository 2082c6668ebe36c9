// Runs every network of the zoo at its default resolution in TensorFlow.js and, as .tflite, in LiteRT. Prints
// the largest difference of their outputs, relative to the largest output. Exits with 1 if it exceeds 1e-4.
//
//   node scripts/bench/zoo-outputs.js [NAME ..]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start as startLitert } from '../../lib/devices/dist/runtimes/litert/node.js'
import { start as startTfjs } from '../../lib/devices/dist/runtimes/tfjs/node.js'
import { writeModel } from '../../lib/formats/dist/index.js'
import { networkOf, ZOO_NAMES, zooRecord } from '../../lib/spaces/dist/index.js'

const TOLERANCE = 1e-4
const names = process.argv.length > 2 ? process.argv.slice(2) : ZOO_NAMES
const { session: tfjs } = await startTfjs('wasm')
const { session: litert } = await startLitert()

let largest = 0
for (const name of names) {
  const difference = await differenceOf(networkOf(zooRecord(name)).executed)
  largest = Math.max(largest, difference)
  console.log(`${name.padEnd(28)}${difference.toExponential(1)}`)
}
console.log(`${names.length} networks, at most ${largest.toExponential(1)} apart`)
process.exit(largest <= TOLERANCE ? 0 : 1)

async function differenceOf(network) {
  const folder = mkdtempSync(join(tmpdir(), 'leti-bench-'))
  try {
    const expected = await outputOf(tfjs, network, 'tfjs', folder)
    const actual = await outputOf(litert, network, 'tflite', folder)
    // Constant outputs would agree too.
    const isTelling = new Set(expected).size > expected.length / 2
    if (!isTelling || actual.length !== expected.length) return Infinity
    const scale = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
    return expected.reduce((max, value, i) => Math.max(max, Math.abs(actual[i] - value)), 0) / scale
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function outputOf(session, network, format, folder) {
  const { path } = await writeModel(network, format, join(folder, format), 0)
  await session.load(path)
  await session.infer(1)
  return [...session.lastOutput()]
}
