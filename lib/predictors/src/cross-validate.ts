import type { Fold } from './folds.js'
import type { FitOptions, PredictorKind } from './kind.js'
import type { Sample } from './sample.js'
import type { Validation } from './validation.js'

/**
 * Predicts each sample with a model that was fitted to the other folds. Samples out of the model's domain
 * are estimated too, so that all kinds are compared on the same samples.
 */
export async function crossValidate(
  kind: PredictorKind,
  samples: readonly Sample[],
  folds: readonly Fold[],
  options: FitOptions,
): Promise<Validation> {
  const predicted = new Float64Array(samples.length)
  const uncertainties = new Float64Array(samples.length).fill(1)
  for (const { training, heldOut } of folds) {
    const model = await kind.fit(training, options)
    for (const index of heldOut) {
      const { features, kernels } = samples[index]
      predicted[index] = model.estimate(features, kernels)
      if (model.uncertainty) uncertainties[index] = model.uncertainty(features, kernels)
    }
  }
  return { predicted, uncertainties }
}
