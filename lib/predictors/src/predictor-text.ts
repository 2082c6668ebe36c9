import { LetiError, messageOf } from '@leti/records'
import type { PredictorFile } from './predictor-file.js'
import { loadPredictor, type Predictor } from './predictor.js'
import { readableJson } from './readable-json.js'
import type { Sample } from './sample.js'

/**
 * The text of a predictor file. It is read back as predict reads it, so that no file is written that predict
 * would refuse.
 *
 * @param samples the training set
 * @throws {LetiError} `usage` if the file is damaged, or predicts none of the samples
 */
export function predictorText(file: PredictorFile, samples: readonly Sample[]): string {
  const text = readableJson(file)
  try {
    predictOne(loadPredictor(text), samples)
  } catch (error) {
    const advice = 'look for wrong latencies or features in the records'
    const message = `the records give no usable predictor: ${messageOf(error)}; ${advice}`
    throw new LetiError('usage', message, { cause: error })
  }
  return text
}

/** Some kinds predict a latency below 0 for a few networks, which is no reason to refuse the file. */
function predictOne(predictor: Predictor, samples: readonly Sample[]): void {
  let failure: unknown
  for (const { id, features, kernels } of samples) {
    try {
      predictor.predict({ id, features, ...(kernels && { kernels: [...kernels] }) })
      return
    } catch (error) {
      failure = error
    }
  }
  throw failure
}
