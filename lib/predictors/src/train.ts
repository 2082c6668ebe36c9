import { LetiError, MACS } from '@leti/records'
import { conformalOf, empiricalCoverage } from './conformal.js'
import { crossValidate, crossValidateAll } from './cross-validate.js'
import { domainOf } from './domain.js'
import { checkFinite } from './finite.js'
import type { FoldSettings, FoldThreads } from './fold-work.js'
import { fitWhole } from './fit-whole.js'
import { foldsOf, usualFolds, type Fold } from './folds.js'
import { heldOutOf } from './held-out.js'
import type { FitOptions, PredictorKind, ValidatedFit } from './kind.js'
import { findKind, PREDICTOR_KINDS } from './kinds/index.js'
import type { PredictorKindName } from './kinds/names.js'
import { mapeFloor } from './label-noise.js'
import { trainingLimits } from './limits/training.js'
import { metricsOf } from './metrics.js'
import type { Model } from './model.js'
import { networksOf } from './networks.js'
import { outliersOf } from './outliers.js'
import { HEAD, type PredictorFile } from './predictor-file.js'
import type { Sample } from './sample.js'
import type { TrainingSet } from './training-records.js'
import type { Validation } from './validation.js'

export interface TrainOptions extends FitOptions {
  readonly model: PredictorKindName
  /** Folds of the cross-validation; at most one per network. Absent: as many as the number of networks calls for. */
  readonly folds?: number | undefined
  /** Starts threads for the folds; absent: this one does all. */
  readonly threads?: ((settings: FoldSettings) => FoldThreads) | undefined
}

/** With fewer networks, the start of threads takes longer than the folds. */
const MIN_FOR_THREADS = 300

/** With fewer networks, neither a fit nor its cross-validation is meaningful. */
const MIN_NETWORKS = 5

/** The nominal coverage at which the file states the empirical coverage. */
const COVERAGE = 0.9

/**
 * Fits a predictor to all samples, and cross-validates its kind and the MACs proxy on the same folds.
 * The same set and options give the same file.
 *
 * @throws {LetiError} `usage` if there are too few networks, or the samples lack what the kind needs
 */
export async function trainPredictor(
  set: TrainingSet,
  { model, folds: count, threads, progress, ...options }: TrainOptions,
): Promise<PredictorFile> {
  const { device, backend, conditions, environment, spaces, statistic } = set
  const kind: PredictorKind = PREDICTOR_KINDS[model]
  const { outliers, measurements, samples } = usableOf(set, kind)
  const contradicted = [...outliers].map(([index, expected_ms]) => {
    const { id, latency_ms } = set.samples[index]
    return { id, latency_ms, expected_ms }
  })
  progress?.tick('searched for wrong measurements')
  const folds = foldsOf(samples, count ?? usualFolds(samples.length), options.seed)
  const measured = latenciesOf(samples)
  const networks = samples.map(({ id }) => id)
  // References cannot be sent to threads; they are for few networks.
  const isLarge = samples.length >= MIN_FOR_THREADS && !options.references?.length
  const started = isLarge ? threads?.({ samples, folds: folds.length, ...options }) : undefined
  const { fitted, validation, tried } = await fitAndValidate(model, samples, folds, {
    ...options,
    ...(progress && { progress }),
    ...(started && { validateFold: started.validateFold, fitKind: started.fitKind }),
  }).finally(() => started?.close())
  checkFinite(model, samples, validation.predicted)
  const floor = mapeFloor(measurements, statistic)
  const proxy = async () =>
    metricsOf(
      measured,
      (await crossValidate(PREDICTOR_KINDS.flops, samples, folds, options)).predicted,
    )
  return {
    ...HEAD,
    model,
    target: options.latencyScale,
    device,
    ...(backend !== undefined && { backend }),
    ...conditions,
    environment,
    spaces: [...spaces],
    ...(statistic !== 'median' && { statistic }),
    training: {
      count: samples.length,
      ...(measurements.length > samples.length && { measurements: measurements.length }),
      latency_ms: rangeOf(measured),
      ...(contradicted.length && {
        left_out: [...new Set(contradicted.map(({ id }) => id))].join(', '),
        contradicted,
      }),
    },
    cross_validation: {
      folds: folds.length,
      seed: options.seed,
      metrics: {
        ...metricsOf(measured, validation.predicted),
        ...coverageOf(measured, validation, folds, networks),
      },
      ...(floor !== undefined && { mape_floor_percent: floor }),
      ...(model !== 'flops' && { proxy: await proxy() }),
      ...(tried && { tried: [...tried] }),
    },
    conformal: conformalOf(measured, validation, networks),
    ...(!kind.usesKernels && { held_out: heldOutOf(samples, validation) }),
    domain: await trainingLimits(samples, kind, options.references),
    parameters: fitted.toJSON(),
  }
}

/**
 * Fits as `trainPredictor` does, without the cross-validation and what follows from it, which take most of its time.
 *
 * @throws {LetiError} as `trainPredictor`
 */
export async function fitOnly(
  set: TrainingSet,
  { model, ...options }: FitOptions & { readonly model: PredictorKindName },
): Promise<Model> {
  const kind: PredictorKind = PREDICTOR_KINDS[model]
  return kind.fit(usableOf(set, kind).samples, options)
}

/** The networks to learn from, without the measurements that the others contradict. */
function usableOf(set: TrainingSet, kind: PredictorKind) {
  checkSamples(set.samples, kind)
  const outliers = outliersOf(set.samples)
  const measurements = set.samples.filter((_, index) => !outliers.has(index))
  const samples = networksOf(measurements)
  if (outliers.size) checkSamples(samples, kind)
  return { outliers, measurements, samples }
}

async function fitAndValidate(
  model: PredictorKindName,
  samples: readonly Sample[],
  folds: readonly Fold[],
  options: FitOptions,
): Promise<ValidatedFit> {
  const kind: PredictorKind = PREDICTOR_KINDS[model]
  if (kind.fitAndValidate) return kind.fitAndValidate(samples, folds, options)
  const [{ [model]: fitted }, { [model]: validation }] = await Promise.all([
    fitWhole([model], findKind, samples, options),
    crossValidateAll({ [model]: kind }, samples, folds, options),
  ])
  return { fitted, validation }
}

function coverageOf(
  measured: readonly number[],
  validation: Validation,
  folds: readonly Fold[],
  networks: readonly string[],
) {
  const share = empiricalCoverage(measured, validation, folds, COVERAGE, networks)
  return Number.isFinite(share) ? { coverage_90_percent: 100 * share } : {}
}

function checkSamples(samples: readonly Sample[], { usesKernels }: PredictorKind): void {
  const networks = new Set(samples.map(({ id }) => id)).size
  if (networks < MIN_NETWORKS) {
    const enough = `a predictor needs at least ${MIN_NETWORKS}`
    throw new LetiError('usage', `only ${networks} measured networks to learn from; ${enough}`)
  }
  if (samples[0].features[MACS] === undefined) {
    throw new LetiError('usage', `the records have no feature "${MACS}": run featurize first`)
  }
  if (!usesKernels && !domainOf(samples).varying.length) {
    const message =
      'all networks have the same features: a predictor learns from networks that differ'
    throw new LetiError('usage', message)
  }
}

function rangeOf(latencies: readonly number[]) {
  const sorted = Float64Array.from(latencies).sort()
  return { min: sorted[0], max: sorted[sorted.length - 1] }
}

function latenciesOf(samples: readonly Sample[]): number[] {
  return samples.map(({ latency_ms }) => latency_ms)
}
