import { LetiError } from '@leti/records'
import { crossValidate } from './cross-validate.js'
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
  const { samples, device, backend, conditions, environment, spaces } = set
  checkSamples(samples)
  const folds = foldsOf(samples, count, options.seed)
  const judge = (kind: KindName) => crossValidated(kind, samples, folds, options)
  const fitted = await KINDS[model].fit(samples, options)
  return {
    ...HEAD,
    model,
    target: options.target,
    device,
    backend,
    ...conditions,
    environment,
    spaces,
    training: { count: samples.length, latency_ms: rangeOf(samples) },
    cross_validation: {
      folds: folds.length,
      seed: options.seed,
      metrics: await judge(model),
      ...(model !== 'flops' && { proxy: await judge('flops') }),
    },
    parameters: fitted.toJSON(),
  }
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

async function crossValidated(
  kind: KindName,
  samples: readonly Sample[],
  folds: readonly Fold[],
  options: FitOptions,
) {
  const predicted = await crossValidate(KINDS[kind], samples, folds, options)
  return metricsOf(latenciesOf(samples), predicted)
}

function rangeOf(samples: readonly Sample[]) {
  const sorted = Float64Array.from(latenciesOf(samples)).sort()
  return { min: sorted[0], max: sorted[sorted.length - 1] }
}

function latenciesOf(samples: readonly Sample[]): number[] {
  return samples.map(({ latency_ms }) => latency_ms)
}
