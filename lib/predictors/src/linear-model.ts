import type { Features, Schema, Static } from '@leti/records'
import { CONSTANT, checkPresent, DomainCheck } from './domain.js'
import { entered, SCALING, type Design } from './design.js'
import type { Model, LatencyScale } from './model.js'

export const LINEAR = {
  type: 'object',
  description: 'A weighted sum of standardized features.',
  required: ['intercept', 'features', 'constant'],
  properties: {
    intercept: {
      type: 'number',
      description: 'The latency at the mean of all features, ms, or its logarithm.',
    },
    strength: {
      type: 'number',
      description: 'Strength of the ridge penalty. Absent if there was none.',
    },
    features: {
      type: 'array',
      description: 'The features of the sum.',
      items: {
        ...SCALING,
        required: [...SCALING.required, 'weight'],
        properties: {
          ...SCALING.properties,
          weight: {
            type: 'number',
            description: 'ms per standard deviation, or the same in logarithms.',
          },
        },
      },
    },
    constant: {
      ...CONSTANT,
      description: 'Features that a network in the domain may have, but that have no weight.',
    },
  },
} as const satisfies Schema

/** The parameters of all kinds that are a weighted sum of features. */
export type LinearParameters = Static<typeof LINEAR>

/** A weighted sum of features, or the exponential of it. */
export class LinearModel implements Model {
  private readonly names: string[]
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

  get features(): readonly string[] {
    return this.ignoresOthers ? this.names : this.domain.names
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
