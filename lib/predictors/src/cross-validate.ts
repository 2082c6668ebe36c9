import type { Fold } from './folds.js'
import type { FitOptions, Kind, Sample } from './model.js'

export interface Validation {
  /** Of each sample in ms, by a fit without it. */
  readonly predicted: Float64Array
  /** Of each prediction, in no unit: 1 where the kind does not tell them apart. */
  readonly doubts: Float64Array
}

/**
 * What the kind predicts for each sample when it is fitted to the other folds alone. A network
 * that is out of the domain of the others is estimated all the same: each kind is judged by all.
 */
export async function crossValidate(
  kind: Kind,
  samples: readonly Sample[],
  folds: readonly Fold[],
  options: FitOptions,
): Promise<Validation> {
  const predicted = new Float64Array(samples.length)
  const doubts = new Float64Array(samples.length).fill(1)
  for (const { training, heldOut } of folds) {
    const model = await kind.fit(training, options)
    for (const index of heldOut) {
      const { features, kernels } = samples[index]
      predicted[index] = model.estimate(features, kernels)
      if (model.doubt) doubts[index] = model.doubt(features, kernels)
    }
  }
  return { predicted, doubts }
}
