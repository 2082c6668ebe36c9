import { LetiError } from '@leti/records'
import { chooseBlend } from './auto/blend.js'
import { fitBlend, nestedPredictions, tryCandidates } from './auto/index.js'
import { conformalOf, empiricalCoverage } from './conformal.js'
import { crossValidate, type Validation } from './cross-validate.js'
import { foldsOf, type Fold } from './folds.js'
import { MACS } from './kinds/flops.js'
import { KINDS, type KindName } from './kinds/index.js'
import { metricsOf } from './metrics.js'
import type { FitOptions, Sample } from './model.js'
import { HEAD, type PredictorFile } from './predictor-file.js'
import type { TrainingSet } from './training-records.js'

export interface TrainOptions extends FitOptions {
  readonly model: KindName
  /** How many folds at most; no more than there are networks. */
  readonly folds: number
}

/** Below this, a fit says little and its cross-validated metrics say less. */
const MIN_NETWORKS = 5

/** The coverage that the empirical one in the file is measured at. */
const COVERAGE = 0.9

/**
 * Fits a predictor to all of the samples, and judges its kind by cross-validation beside the proxy.
 * The same set and options give the same document.
 *
 * @throws {LetiError} `usage` where there is too little to learn from
 */
export async function trainPredictor(
  set: TrainingSet,
  { model, folds: count, ...options }: TrainOptions,
): Promise<PredictorFile> {
  const { samples, device, backend, conditions, environment, spaces, statistic } = set
  checkSamples(samples)
  const folds = foldsOf(samples, count, options.seed)
  const measured = latenciesOf(samples)
  const { fitted, validation, tried } = await fitAndJudge(model, samples, folds, options)
  const proxy = async () =>
    metricsOf(measured, (await crossValidate(KINDS.flops, samples, folds, options)).predicted)
  return {
    ...HEAD,
    model,
    target: options.target,
    device,
    ...(backend !== undefined && { backend }),
    ...conditions,
    environment,
    spaces,
    ...(statistic !== 'median' && { statistic }),
    training: { count: samples.length, latency_ms: rangeOf(samples) },
    cross_validation: {
      folds: folds.length,
      seed: options.seed,
      metrics: {
        ...metricsOf(measured, validation.predicted),
        ...coverageOf(measured, validation, folds),
      },
      ...(model !== 'flops' && { proxy: await proxy() }),
      ...(tried && { tried }),
    },
    conformal: conformalOf(measured, validation),
    parameters: fitted.toJSON(),
  }
}

/** The fit to all samples, and what the kind predicts for each when it is fitted without it. */
async function fitAndJudge(
  model: KindName,
  samples: readonly Sample[],
  folds: readonly Fold[],
  options: FitOptions,
) {
  if (model !== 'auto') {
    const fitted = await KINDS[model].fit(samples, options)
    return { fitted, validation: await crossValidate(KINDS[model], samples, folds, options) }
  }
  const measured = latenciesOf(samples)
  const trial = await tryCandidates(samples, folds, options)
  const weights = chooseBlend(trial, measured, [...samples.keys()])
  return {
    fitted: await fitBlend(samples, weights, options),
    validation: {
      predicted: nestedPredictions(trial, samples, folds),
      doubts: new Float64Array(samples.length).fill(1),
    },
    tried: Object.entries(trial).map(([name, predicted]) => ({
      model: name,
      weight: weights[name] ?? 0,
      metrics: metricsOf(measured, predicted),
    })),
  }
}

function coverageOf(measured: number[], validation: Validation, folds: readonly Fold[]) {
  const share = empiricalCoverage(measured, validation, folds, COVERAGE)
  return Number.isFinite(share) ? { coverage_90_percent: 100 * share } : {}
}

function checkSamples(samples: readonly Sample[]): void {
  const networks = new Set(samples.map(({ id }) => id)).size
  if (networks < MIN_NETWORKS) {
    const enough = `a predictor needs at least ${MIN_NETWORKS}`
    throw new LetiError('usage', `only ${networks} measured networks to learn from; ${enough}`)
  }
  if (samples[0].features[MACS] === undefined) {
    throw new LetiError('usage', `the records have no feature "${MACS}": run featurize first`)
  }
}

function rangeOf(samples: readonly Sample[]) {
  const sorted = Float64Array.from(latenciesOf(samples)).sort()
  return { min: sorted[0], max: sorted[sorted.length - 1] }
}

function latenciesOf(samples: readonly Sample[]): number[] {
  return samples.map(({ latency_ms }) => latency_ms)
}
