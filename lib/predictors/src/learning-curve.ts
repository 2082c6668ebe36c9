import type { KindName } from './kinds/index.js'
import { reachOf } from './conformal.js'
import { KINDS } from './kinds/index.js'
import { metricsOf, type Metrics } from './metrics.js'
import type { Sample } from './model.js'
import { shuffled } from './random.js'
import { trainPredictor } from './train.js'
import type { TrainingSet } from './training-records.js'

/** How well a kind does from so many networks, over random splits. */
export interface CurvePoint {
  readonly count: number
  readonly splits: number
  readonly mean: Metrics
  /** Standard deviation over the splits. */
  readonly std: Metrics
}

/** Folds of each fit's own cross-validation. */
const FOLDS = 10

/**
 * Trains on the first networks of each shuffle and judges by all others.
 *
 * @param counts networks to learn from; those that leave none to judge by are left out
 */
export async function learningCurve(
  set: TrainingSet,
  model: KindName,
  counts: readonly number[],
  splits: number,
  seed: number,
): Promise<CurvePoint[]> {
  const points: CurvePoint[] = []
  for (const count of counts) {
    if (count >= set.samples.length) continue
    const results: Metrics[] = []
    for (let split = 0; split < splits; split++) {
      const order = shuffled(set.samples, seed + split)
      results.push(await judge(set, model, order.slice(0, count), order.slice(count), seed + split))
    }
    points.push({ count, splits, ...summary(results) })
  }
  return points
}

async function judge(
  set: TrainingSet,
  model: KindName,
  training: readonly Sample[],
  test: readonly Sample[],
  seed: number,
): Promise<Metrics> {
  const options = { model, target: 'linear', folds: FOLDS, seed } as const
  const file = await trainPredictor({ ...set, samples: training }, options)
  const fitted = KINDS[model].fromJSON(file.parameters, 'linear')
  const measured = test.map(({ latency_ms }) => latency_ms)
  const predicted = test.map(({ features, kernels }) => fitted.estimate(features, kernels))
  const { conformal = { bins: [] } } = file
  const inside = measured.filter((latency, i) => {
    const doubt = fitted.doubt?.(test[i].features, test[i].kernels)
    const reach = reachOf(conformal, predicted[i], 0.9, doubt) ?? Infinity
    return Math.abs(latency / predicted[i] - 1) <= reach
  })
  const coverage_90_percent = (100 * inside.length) / measured.length
  return { ...metricsOf(measured, predicted), coverage_90_percent }
}

function summary(results: readonly Metrics[]) {
  const names = Object.keys(results[0]) as (keyof Metrics)[]
  const values = (name: keyof Metrics): number[] => results.map((result) => result[name] ?? NaN)
  const mean = (all: readonly number[]): number => all.reduce((sum, x) => sum + x, 0) / all.length
  const std = (all: readonly number[]): number => {
    const centre = mean(all)
    const squares = all.reduce((sum, value) => sum + (value - centre) ** 2, 0)
    return Math.sqrt(squares / Math.max(1, all.length - 1))
  }
  const table = (statistic: typeof mean): Metrics =>
    Object.fromEntries(names.map((name) => [name, statistic(values(name))])) as unknown as Metrics
  return { mean: table(mean), std: table(std) }
}
