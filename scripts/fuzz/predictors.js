// Damages predictor files and predicts with them. A finding is a fault of `predict` (`command.js`), and a
// prediction that is no number or whose interval does not contain it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultOf, recordsOf, run } from './command.js'
import { Dice } from './dice.js'
import { damagedJson } from './mutations.js'
import { KINDS, trainedOn } from './samples.js'

export async function predictors({ folder, seed }) {
  const { features, predictorOf } = await trainedOn(folder)
  const files = await Promise.all(KINDS.map(predictorOf))

  return {
    async run(number) {
      const dice = new Dice(`${seed}/${number}`)
      const path = join(folder, 'predictor.json')
      writeFileSync(path, damagedJson(readFileSync(files[number % files.length]), dice))
      const result = await run('predict', ['--predictor', path], features)
      const thrown = faultOf(result) ?? wrongPrediction(result)
      if (thrown) return { code: 'finding', thrown }
      return { code: result.code === 0 ? 'predicted' : 'refused' }
    },
    close: () => {},
  }
}

function wrongPrediction({ stdout }) {
  const wrong = recordsOf(stdout).find(({ prediction }) => {
    const { latency_ms: latency, low_ms: low = latency, high_ms: high = latency } = prediction ?? {}
    return prediction && !(low <= latency && latency <= high && latency < Infinity)
  })
  return wrong && `a wrong prediction: ${JSON.stringify(wrong.prediction)}`
}
