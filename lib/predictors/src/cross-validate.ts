import type { Fold } from './folds.js'
import type { FitOptions, Kind, Sample } from './model.js'

/**
 * What the kind predicts (ms) for each sample when it is fitted to the other folds alone. A network
 * that is out of the domain of the others is estimated all the same: each kind is judged by all.
 */
export async function crossValidate(
  kind: Kind,
  samples: readonly Sample[],
  folds: readonly Fold[],
  options: FitOptions,
): Promise<Float64Array> {
  const predictions = new Float64Array(samples.length)
  for (const { training, heldOut } of folds) {
    const model = await kind.fit(training, options)
    for (const index of heldOut) {
      const { features, kernels } = samples[index]
      predictions[index] = model.estimate(features, kernels)
    }
  }
  return predictions
}
