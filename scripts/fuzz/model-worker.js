// Runs one case per message: damages a model file, then reads and writes it as gen-model does.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { readModel, unknownOperators, writeModel } from '../../lib/formats/dist/index.js'
import { FORMATS } from '../../lib/formats/dist/names.js'
import { Dice } from './dice.js'
import { damagedBytes, damagedJson } from './mutations.js'

parentPort.on('message', (task) => {
  void outcomeOf(task).then((outcome) => parentPort.postMessage(outcome))
})

/** Error codes that a damaged file may cause. The requested input shape may not fit the damaged file. */
const expected = (shape) => ['bad-model', 'unsupported', ...(shape ? ['bad-arch'] : [])]

/** @returns `{ code }`; for an unexpected error `finding` and the stack */
async function outcomeOf({ path, shape, folder, seed, number }) {
  const damaged = writeDamaged(path, folder, new Dice(`${seed}/${number}`))
  try {
    const { network, weights } = await readModel(damaged, shape)
    unknownOperators(network)
    for (const format of FORMATS) await written(network, format, join(folder, format), weights)
    return { code: 'network' }
  } catch (error) {
    const isExpected = expected(shape).includes(error.code) && !error.message.includes('\n')
    return isExpected ? { code: error.code } : { code: 'finding', thrown: String(error.stack) }
  }
}

/** Writes the model, unless the format lacks an operator of the network. */
async function written(network, format, out, weights) {
  try {
    await writeModel(network, format, out, weights)
  } catch (error) {
    if (error.code !== 'unsupported') throw error
  }
}

/** Writes the files of a model with one of them damaged. Returns the path to load. */
function writeDamaged(path, folder, dice) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const file = readFileSync(path)
  const main = join(folder, basename(path))
  const weights = path.endsWith('.json') ? weightFiles(file, dirname(path)) : []
  const damagesWeights = weights.length > 0 && dice.below(8) === 0
  for (const [name, bytes] of weights) {
    writeFileSync(join(folder, name), damagesWeights ? damagedBytes(bytes, dice) : bytes)
  }
  const damage = weights.length > 0 ? damagedJson : damagedBytes
  writeFileSync(main, damagesWeights ? file : damage(file, dice))
  return main
}

function weightFiles(json, folder) {
  const names = JSON.parse(json).weightsManifest.flatMap(({ paths }) => paths)
  return names.map((name) => [name, readFileSync(join(folder, name))])
}
