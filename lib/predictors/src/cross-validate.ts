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
  const inThisThread: ValidateFold = (fold, names) => {
    const own = Object.fromEntries(names.map((name) => [name, kinds[name]]))
    return heldOutBy(own, samples, folds[fold], options)
  }
  const { validateFold = inThisThread, progress } = options
  const groups = groupsOf(kinds)
  const jobs = [...folds.keys()].flatMap((fold) => groups.map((names) => ({ fold, names })))
  progress?.expect(jobs.length)
  const validations = Object.fromEntries(
    Object.keys(kinds).map((name) => [name, empty(samples.length)]),
  )
  const work = async ({ fold, names }: (typeof jobs)[number]): Promise<void> => {
    const found = await validateFold(fold, names)
    for (const name of names) copyTo(validations[name], found[name], folds[fold])
    progress?.tick(`${names.join(', ')}: fold ${fold + 1} of ${folds.length}`)
  }
  if (options.validateFold) await Promise.all(jobs.map(work))
  else for (const job of jobs) await work(job)
  return validations
}

/** The names of kinds that one thread validates at once, since some are built on others. The long ones come first. */
function groupsOf(kinds: Kinds): string[][] {
  const names = Object.keys(kinds)
  const long = names.filter((name) => kinds[name].takesLong)
  const others = names.filter((name) => !kinds[name].takesLong)
  return [...long.map((name) => [name]), others].filter((group) => group.length)
}

function copyTo(
  all: Validation,
  { predicted, uncertainties }: Validation,
  { heldOut }: Fold,
): void {
  heldOut.forEach((index, i) => {
    all.predicted[index] = predicted[i]
    all.uncertainties[index] = uncertainties[i]
  })
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
