import { LetiError, type Features } from '@leti/records'
import { finiteNumber, list, object, text } from './checks.js'
import { entered, type Design, type Scaling } from './design.js'
import type { Model, LatencyScale } from './model.js'

/** A feature and what it adds for each standard deviation: ms, or in the logarithm of ms. */
interface WeightedFeature extends Scaling {
  readonly weight: number
}

/** The parameters of every kind that is a weighted sum of features. */
export interface LinearParameters {
  /** The latency at the mean of all features: ms, or its logarithm. */
  readonly intercept: number
  /** How strongly the weights were held towards 0, where they were. */
  readonly strength?: number
  readonly features: readonly WeightedFeature[]
  /** Features with one value in all of the training, which is known but plays no part. */
  readonly constant: Features
}

/** A weighted sum of features, or the exponential of one. */
export class LinearModel implements Model {
  private readonly seen: Set<string>

  /** @param ignoresOthers whether features that play no part in it may have any value */
  constructor(
    private readonly parameters: LinearParameters,
    private readonly latencyScale: LatencyScale,
    private readonly ignoresOthers = false,
  ) {
    const { features, constant } = parameters
    const present = Object.keys(constant).filter((name) => constant[name] !== 0)
    this.seen = new Set([...features.map(({ name }) => name), ...present])
  }

  check(features: Features): void {
    for (const { name } of this.parameters.features) {
      if (features[name] === undefined) {
        throw new LetiError('missing-feature', `no feature "${name}", which the predictor needs`)
      }
    }
    if (this.ignoresOthers) return
    for (const name in features) {
      if (features[name] === 0 || this.seen.has(name)) continue
      throw new LetiError(
        'out-of-domain',
        `feature "${name}" is ${features[name]}: the predictor was trained on no network that has it`,
      )
    }
  }

  estimate(features: Features): number {
    let sum = this.parameters.intercept
    for (const { name, mean, scale, weight } of this.parameters.features) {
      sum += (weight * (entered(features[name], this.latencyScale) - mean)) / scale
    }
    return this.latencyScale === 'log' ? Math.exp(sum) : sum
  }

  toJSON(): LinearParameters {
    return this.parameters
  }
}

/** The model that a regression found. */
export function linearModel(
  { scalings, constant }: Design,
  solution: { intercept: number; strength?: number; weights: readonly number[] },
  latencyScale: LatencyScale,
  ignoresOthers = false,
): LinearModel {
  const { intercept, strength, weights } = solution
  const features = scalings.map((scaling, i) => ({ ...scaling, weight: weights[i] }))
  const parameters = { intercept, ...(strength !== undefined && { strength }), features, constant }
  return new LinearModel(parameters, latencyScale, ignoresOthers)
}

/** @throws {LetiError} `usage` where the parameters are not those of a weighted sum */
export function linearParameters(value: unknown): LinearParameters {
  const parameters = object(value, 'parameters')
  const { strength } = parameters
  const constant = object(parameters.constant, 'parameters.constant')
  for (const name in constant) finiteNumber(constant[name], `parameters.constant.${name}`)
  return {
    intercept: finiteNumber(parameters.intercept, 'parameters.intercept'),
    ...(strength !== undefined && { strength: finiteNumber(strength, 'parameters.strength') }),
    features: list(parameters.features, 'parameters.features').map(weightedFeature),
    constant: constant as Features,
  }
}

function weightedFeature(value: unknown, index: number): WeightedFeature {
  const place = `parameters.features[${index}]`
  const feature = object(value, place)
  const scale = finiteNumber(feature.scale, `${place}.scale`)
  if (scale <= 0) throw new LetiError('usage', `"${place}.scale" must be positive`)
  return {
    name: text(feature.name, `${place}.name`),
    mean: finiteNumber(feature.mean, `${place}.mean`),
    scale,
    weight: finiteNumber(feature.weight, `${place}.weight`),
  }
}
