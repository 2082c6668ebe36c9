// What the fuzzers of records and predictors damage: records of every space, and predictors of them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './command.js'

/** Kinds whose files differ most; the others hold parts of these. */
export const KINDS = ['flops', 'lut', 'additive', 'ridge', 'gp', 'gbdt']

const MEASURED = fileURLToPath(
  new URL('../../fixtures/measured/nb101-f64-node-wasm.ndjson', import.meta.url),
)
const TRAINING = 80
/** What is damaged must be there, however busy the computer is. */
const LIMIT_MS = 600_000

/** Samples of records as JSON lines, and how to train on measured ones. Its files are in `folder`. */
export async function trainedOn(folder) {
  const measured = readFileSync(MEASURED, 'utf8').split('\n').slice(0, TRAINING).join('\n')
  const featurized = await output('featurize', ['-', '--quiet'], measured)
  const training = join(folder, 'training.ndjson')
  writeFileSync(training, featurized)
  const predictorOf = async (kind) => {
    const path = join(folder, `${kind}.json`)
    writeFileSync(path, await output('train', ['--model', kind, '--quiet', training]))
    return path
  }
  return {
    samples: await samplesOf(measured),
    features: featurized.split('\n').slice(0, 5).join('\n'),
    predictor: await predictorOf('flops'),
    predictorOf,
  }
}

async function samplesOf(measured) {
  const texts = await Promise.all([
    output('nb101-sample', ['-n', '20']),
    output('space-sample', ['--space', 'nb201', '-n', '20']),
    output('space-sample', ['--space', 'fbnet', '-n', '10']),
    output('kernel-sample', ['-n', '40']),
    output('gen-model', ['--zoo', 'mobilenet_v2,resnet18', '--quiet']),
  ])
  return [...texts, measured].flatMap((text) => text.split('\n').filter(Boolean))
}

async function output(tool, args, input) {
  const { code, signal, stdout, stderr } = await run(tool, args, input, LIMIT_MS)
  if (code !== 0) throw new Error(`${tool} ${args.join(' ')}: ${signal ?? stderr}`)
  return stdout
}
