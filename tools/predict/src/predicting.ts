import { batchWork, changedText, recordOf, withMember, type BatchWork } from '@leti/pipe'
import { checkKnown, NetworkPredictor, predictorOf, type PredictorFile } from '@leti/predictors'
import type { FusionRules } from '@leti/network'
import type { LetiRecord, Prediction } from '@leti/records'

/** All that predictions depend on, in a form that can be sent to a worker thread. */
export interface Settings {
  readonly file: PredictorFile
  /** The predictor's name. */
  readonly name: string
  readonly fusion: FusionRules | undefined
  readonly coverage: number
  readonly maxUnknown: number
}

const ADVICE = (share: number): string => `predict the rest with --max-unknown ${share}`

/**
 * Adds a prediction to the records of batches.
 *
 * @param seen called with each prediction
 */
export function predicting(
  { file, name, fusion, coverage, maxUnknown }: Settings,
  seen?: (record: LetiRecord, prediction: Prediction) => void,
): BatchWork {
  const networks = new NetworkPredictor(predictorOf(file, name), fusion)
  const predicted = (record: LetiRecord): Prediction => {
    checkKnown(record, maxUnknown, ADVICE)
    const prediction = networks.predict(record, coverage)
    seen?.(record, prediction)
    return prediction
  }
  return batchWork('predict', async (line, reports) => {
    const placed = recordOf(line, reports)
    if (!placed) return undefined
    return changedText(reports, placed, async (record) => {
      const whole = networks.needsFile(record) ? await networks.opened(record) : record
      return withMember(placed, 'prediction', predicted(whole))
    })
  })
}
