// Damages records of every search space and pipes them through gen-model, featurize and predict. A finding
// is a fault of a tool (`command.js`), and a record without an error that the next tool cannot read.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultOf, recordsOf, run } from './command.js'
import { Dice } from './dice.js'
import { damagedJson } from './mutations.js'
import { trainedOn } from './samples.js'

/** Damaged records in one case. */
const BATCH = 40

/** Refusals that a record can get from a later tool though the tool before accepted it. */
const LATER = ['out-of-domain', 'missing-feature', 'unsupported']

export async function records({ folder, seed }) {
  const { samples, predictor } = await trainedOn(folder)

  async function caseOf(number) {
    const dice = new Dice(`${seed}/${number}`)
    const lines = Array.from({ length: BATCH }, () =>
      damagedJson(Buffer.from(dice.of(samples)), dice),
    )
    const path = join(folder, 'records.ndjson')
    writeFileSync(path, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])))
    const models = await run('gen-model', [path])
    const features = await run('featurize', [path, '--kernels'])
    const predictions = await run('predict', ['--predictor', predictor], features.stdout)
    const faults = [models, features, predictions].map(faultOf).filter(Boolean)
    return [...faults, ...refusedLater(features, predictions)]
  }

  return { run: async (number) => outcome(await caseOf(number)), close: () => {} }
}

/** Records with features that predict refuses as malformed. */
function refusedLater({ stdout }, predictions) {
  const accepted = recordsOf(stdout).filter(({ error }) => !error)
  const results = recordsOf(predictions.stdout).filter(({ features }) => features)
  if (accepted.length > results.length) {
    const missing = accepted.length - results.length
    return [`predict cannot read ${missing} records of featurize\n${predictions.stderr}`]
  }
  return results
    .filter(({ error }) => error?.tool === 'predict' && !LATER.includes(error.code))
    .map(({ error }) => `predict refuses what featurize wrote: ${JSON.stringify(error)}`)
}

function outcome(faults) {
  return faults.length > 0 ? { code: 'finding', thrown: faults.join('\n') } : { code: 'batch' }
}
