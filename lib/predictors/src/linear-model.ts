import { LetiError, type Features } from '@leti/records'
import { finiteNumber, list, object, text } from './checks.js'
import { checkPresent, DomainCheck } from './domain.js'
import { entered, type Design, type Scaling } from './design.js'
import type { Model, LatencyScale } from './model.js'

/** A feature and its weight: ms per standard deviation, or the same in logarithms. */
interface WeightedFeature extends Scaling {
  readonly weight: number
}

/** The parameters of all kinds that are a weighted sum of features. */
export interface LinearParameters {
  /** The latency at the mean of all features, in ms, or its logarithm. */
  readonly intercept: number
  /** The strength of the ridge penalty, if there was one. */
  readonly strength?: number
  readonly features: readonly WeightedFeature[]
  /** Features with the same value in all samples: in the domain, but without a weight. */
  readonly constant: Features
}

/** A weighted sum of features, or the exponential of it. */
export class LinearModel implements Model {
  private readonly names: readonly string[]
  private readonly domain: DomainCheck

  /** @param ignoresOthers true if features without a weight may have any value */
  constructor(
    private readonly parameters: LinearParameters,
    private readonly latencyScale: LatencyScale,
    private readonly ignoresOthers = false,
  ) {
    const { features, constant } = parameters
    this.names = features.map(({ name }) => name)
    this.domain = new DomainCheck({ varying: this.names, constant })
  }

  check(features: Features): void {
    if (this.ignoresOthers) checkPresent(features, this.names)
    else this.domain.check(features)
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

/** Makes a model from the solution of a regression. */
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

/** @throws {LetiError} `usage` if the parameters are damaged */
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
  if (scale <= 0) throw new LetiError('usage', `"${place}.scale" must be above 0`)
  return {
    name: text(feature.name, `${place}.name`),
    mean: finiteNumber(feature.mean, `${place}.mean`),
    scale,
    weight: finiteNumber(feature.weight, `${place}.weight`),
  }
}
