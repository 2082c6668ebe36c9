import { DOMAIN, domainOf, DomainCheck } from '../domain.js'
import { median } from '../linear-algebra.js'
import type { Features, Schema, Static } from '@leti/records'
import { byName } from '../by-name.js'
import type { FitOptions, PredictorKind } from '../kind.js'
import type { Model, LatencyScale } from '../model.js'
import type { Sample } from '../sample.js'
import { fitRobust } from './selection.js'
import { LEVELS, TERM, termsOf, valueOf, valuesOf, type Level, type Term } from './terms.js'
import type { Problem } from './moments.js'

export const ADDITIVE = {
  type: 'object',
  description: 'A sum of weighted terms.',
  required: ['intercept', 'strengths', 'terms', 'domain'],
  properties: {
    intercept: { type: 'number', description: 'ms, or a logarithm.' },
    strengths: {
      type: 'object',
      description: 'The ridge penalty of each level that is used.',
      properties: byName(LEVELS, { type: 'number' }),
      additionalProperties: false,
    },
    terms: {
      type: 'array',
      description: 'The terms of the sum.',
      items: {
        ...TERM,
        required: [...TERM.required, 'weight'],
        properties: {
          ...TERM.properties,
          weight: {
            type: 'number',
            description: 'ms per standard deviation, or the same in logarithms.',
          },
        },
      },
    },
    domain: DOMAIN,
  },
} as const satisfies Schema

export type AdditiveParameters = Static<typeof ADDITIVE>

/** A sum of weighted terms, or the exponential of it. */
export class AdditiveModel implements Model {
  private readonly domain: DomainCheck

  constructor(
    private readonly parameters: AdditiveParameters,
    private readonly latencyScale: LatencyScale,
  ) {
    const needed = new Set(parameters.terms.flatMap(({ features }) => features))
    this.domain = new DomainCheck(parameters.domain, [...needed])
  }

  get features(): readonly string[] {
    return this.domain.names
  }

  check(features: Features): void {
    this.domain.check(features)
  }

  estimate(features: Features): number {
    let sum = this.parameters.intercept
    for (const term of this.parameters.terms) {
      sum +=
        (term.weight * (valueOf(term.features, features, this.latencyScale) - term.mean)) /
        term.scale
    }
    return this.latencyScale === 'log' ? Math.exp(sum) : sum
  }

  /** Whether the terms of a level are part of the model. */
  uses(level: Level): boolean {
    return this.parameters.strengths[level] !== undefined
  }

  toJSON(): AdditiveParameters {
    return this.parameters
  }
}

/**
 * A regularized additive model: a robust ridge regression on features and products of features, which are
 * grouped into levels of detail. Maximum likelihood chooses the penalty of each level, or leaves it out.
 */
export const additive: PredictorKind = {
  autoMinSamples: 0,

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, options) {
    return fitAdditive(samples, options)
  },

  schema: ADDITIVE,

  fromJSON: (parameters: AdditiveParameters, latencyScale) =>
    new AdditiveModel(parameters, latencyScale),
}

/** Caches models by their samples: `gp` is fitted on top of `additive`, and `auto` tries both. */
const fits = new WeakMap<readonly Sample[], Map<string, AdditiveModel>>()

export function fitAdditive(samples: readonly Sample[], options: FitOptions): AdditiveModel {
  const known = fits.get(samples) ?? new Map<string, AdditiveModel>()
  fits.set(samples, known)
  const key = options.latencyScale
  const model = known.get(key) ?? fitAnew(samples, options)
  known.set(key, model)
  return model
}

function fitAnew(samples: readonly Sample[], { latencyScale }: FitOptions): AdditiveModel {
  const domain = domainOf(samples)
  const terms = termsOf(samples, domain.varying, latencyScale)
  const { problem, unit } = problemOf(samples, terms, latencyScale)
  const { strengths, weights } = fitRobust(problem, terms)
  const used = terms.map((term, i) => ({ ...term, weight: unit * weights[i + 1] }))
  const entered = Object.entries(strengths).filter(([, strength]) => strength < Infinity)
  return new AdditiveModel(
    {
      intercept: unit * weights[0],
      strengths: Object.fromEntries(entered),
      terms: used.filter(({ weight }) => weight !== 0),
      domain,
    },
    latencyScale,
  )
}

/** @returns the regression, with latencies in a unit of their median if the scale is linear */
function problemOf(samples: readonly Sample[], terms: readonly Term[], latencyScale: LatencyScale) {
  const log = latencyScale === 'log'
  const unit = log ? 1 : median(samples.map(({ latency_ms }) => latency_ms))
  const width = terms.length + 1
  const rows = new Float64Array(samples.length * width)
  for (let row = 0; row < samples.length; row++) rows[row * width] = 1
  terms.forEach(({ features, mean, scale }, i) => {
    const values = valuesOf(features, samples, latencyScale)
    values.forEach((value, row) => (rows[row * width + i + 1] = (value - mean) / scale))
  })
  const targets = Float64Array.from(samples, ({ latency_ms }) =>
    log ? Math.log(latency_ms) : latency_ms / unit,
  )
  const units = log ? new Float64Array(samples.length).fill(1) : targets
  const problem: Problem = { rows, width, targets, units }
  return { problem, unit }
}
