import type { Fold } from './folds.js'
import type { FitOptions, PredictorKind, ValidateFold } from './kind.js'
import type { Sample } from './sample.js'
import type { Validation } from './validation.js'

/** Kinds of predictor by name. */
export type Kinds = Readonly<Record<string, PredictorKind>>

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
  return (await crossValidateAll({ kind }, samples, folds, options)).kind
}

/** Cross-validates several kinds on the same folds, in the threads of the options if there are any. */
export async function crossValidateAll(
  kinds: Kinds,
  samples: readonly Sample[],
  folds: readonly Fold[],
  options: FitOptions,
): Promise<Record<string, Validation>> {
  const inThisThread: ValidateFold = (fold) => heldOutBy(kinds, samples, folds[fold], options)
  const { validateFold = inThisThread } = options
  const names = Object.keys(kinds)
  const validations = Object.fromEntries(names.map((name) => [name, empty(samples.length)]))
  const copyFold = async (fold: number): Promise<void> => {
    const found = await validateFold(fold, names)
    for (const name of names) {
      const { predicted, uncertainties } = validations[name]
      folds[fold].heldOut.forEach((index, i) => {
        predicted[index] = found[name].predicted[i]
        uncertainties[index] = found[name].uncertainties[i]
      })
    }
    options.onFold?.()
  }
  if (options.validateFold) await Promise.all([...folds.keys()].map(copyFold))
  else for (const fold of folds.keys()) await copyFold(fold)
  return validations
}

/** Fits each kind to the training samples of a fold, and estimates the samples that it holds out. */
export async function heldOutBy(
  kinds: Kinds,
  samples: readonly Sample[],
  { training, heldOut }: Fold,
  options: FitOptions,
): Promise<Record<string, Validation>> {
  const found: Record<string, Validation> = {}
  for (const [name, kind] of Object.entries(kinds)) {
    const model = await kind.fit(training, options)
    const { predicted, uncertainties } = (found[name] = empty(heldOut.length))
    heldOut.forEach((index, i) => {
      const { features, kernels } = samples[index]
      predicted[i] = model.estimate(features, kernels)
      if (model.uncertainty) uncertainties[i] = model.uncertainty(features, kernels)
    })
  }
  return found
}

function empty(count: number): Validation {
  return { predicted: new Float64Array(count), uncertainties: new Float64Array(count).fill(1) }
}
