import { holds, reachOf } from './conformal.js'
import { findKind, PREDICTOR_KINDS } from './kinds/index.js'
import type { PredictorKindName } from './kinds/names.js'
import { metricsOf, type Metrics } from './metrics.js'
import type { Model } from './model.js'
import { networksOf } from './networks.js'
import { shuffledNetworks } from './random.js'
import type { Sample } from './sample.js'
import { fitOnly, trainPredictor, type TrainOptions } from './train.js'
import type { TrainingSet } from './training-records.js'

/** The accuracy of a kind that is trained on `count` networks, over several random splits. */
export interface CurvePoint {
  readonly count: number
  readonly splits: number
  readonly mean: Metrics
  /** Standard deviation over the splits. */
  readonly std: Metrics
}

/** Folds of each fit's own cross-validation, which its intervals come from. */
const FOLDS = 10

/** The share of measurements that the intervals should hold. */
const COVERAGE = 0.9

/**
 * Trains on the first networks of each shuffle, and tests on all others. No network is in both.
 *
 * @param counts sizes of the training set; a count that leaves nothing to test on is skipped
 * @param seed seed of the first split; the next splits count up
 * @param intervals whether to find `coverage_90_percent`, which takes most of the time
 */
export async function learningCurve(
  set: TrainingSet,
  model: PredictorKindName,
  counts: readonly number[],
  splits: number,
  seed: number,
  intervals = true,
): Promise<CurvePoint[]> {
  const points: CurvePoint[] = []
  for (const count of counts) {
    if (count >= new Set(set.samples.map(({ id }) => id)).size) continue
    const results: Metrics[] = []
    for (let split = 0; split < splits; split++) {
      const order = shuffledNetworks(set.samples, seed + split)
      const [training, test] = [order.slice(0, count), order.slice(count)].map((networks) =>
        networks.flat().map((index) => set.samples[index]),
      )
      const options = { model, latencyScale: 'linear', folds: FOLDS, seed: seed + split } as const
      const judge = intervals ? trainAndTest : fitAndTest
      results.push(await judge({ ...set, samples: training }, networksOf(test), options))
    }
    points.push({ count, splits, ...summaryOf(results) })
  }
  return points
}

async function trainAndTest(
  set: TrainingSet,
  test: readonly Sample[],
  options: TrainOptions,
): Promise<Metrics> {
  const { parameters, conformal = { bins: [] } } = await trainPredictor(set, options)
  const fitted = PREDICTOR_KINDS[options.model].fromJSON(parameters, 'linear', findKind)
  const { measured, predicted } = predictionsOf(fitted, test)
  const inside = measured.filter((latency, i) => {
    const uncertainty = fitted.uncertainty?.(test[i].features, test[i].kernels)
    const reach = reachOf(conformal, predicted[i], COVERAGE, uncertainty)
    return !reach || holds(reach, latency, predicted[i])
  })
  const coverage_90_percent = (100 * inside.length) / measured.length
  return { ...metricsOf(measured, predicted), coverage_90_percent }
}

async function fitAndTest(
  set: TrainingSet,
  test: readonly Sample[],
  options: TrainOptions,
): Promise<Metrics> {
  const { measured, predicted } = predictionsOf(await fitOnly(set, options), test)
  return metricsOf(measured, predicted)
}

function predictionsOf(fitted: Model, test: readonly Sample[]) {
  const measured = test.map(({ latency_ms }) => latency_ms)
  const predicted = test.map(({ features, kernels }) => fitted.estimate(features, kernels))
  return { measured, predicted }
}

function summaryOf(results: readonly Metrics[]): Pick<CurvePoint, 'mean' | 'std'> {
  const names = Object.keys(results[0]) as (keyof Metrics)[]
  const summarized = (statistic: typeof meanOf): Metrics =>
    Object.fromEntries(
      names.map((name) => [name, statistic(results.map((result) => result[name] ?? NaN))]),
    ) as unknown as Metrics
  return { mean: summarized(meanOf), std: summarized(deviationOf) }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / Math.max(1, values.length - 1))
}
