import { DOMAIN, domainOf, DomainCheck } from '../domain.js'
import { median } from '../linear-algebra.js'
import type { Features, Schema, Static } from '@leti/records'
import { byName } from '../by-name.js'
import type { FitOptions, PredictorKind } from '../kind.js'
import type { Model, LatencyScale } from '../model.js'
import { evenly } from '../evenly.js'
import { checkLeverage, Leverage, LEVERAGE, rowsOf, shareOf, type FittedRow } from './leverage.js'
import { fitted, relativeErrors } from './regression.js'
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
    leverage: LEVERAGE,
    domain: DOMAIN,
  },
} as const satisfies Schema

export type AdditiveParameters = Static<typeof ADDITIVE>

/** A sum of weighted terms, or the exponential of it. */
export class AdditiveModel implements Model {
  private readonly domain: DomainCheck
  /** Absent if the file is an old one. */
  private readonly leverage: Leverage | undefined
  /** 1 and the standardized terms of the network that is predicted. */
  private readonly columns: Float64Array

  /** @throws {LetiError} `usage` if the sizes of the lists do not fit together */
  constructor(
    private readonly parameters: AdditiveParameters,
    private readonly latencyScale: LatencyScale,
  ) {
    const { domain, terms, leverage } = parameters
    this.domain = new DomainCheck(domain, [...new Set(terms.flatMap(({ features }) => features))])
    this.columns = new Float64Array(terms.length + 1).fill(1)
    if (leverage) checkLeverage(leverage, this.columns.length)
    this.leverage = leverage && new Leverage(leverage.factor)
  }

  get features(): readonly string[] {
    return this.domain.names
  }

  check(features: Features): void {
    this.domain.check(features)
  }

  estimate(features: Features): number {
    this.read(features)
    const { intercept, terms } = this.parameters
    let sum = intercept
    terms.forEach(({ weight }, i) => (sum += weight * this.columns[i + 1]))
    return this.latencyScale === 'log' ? Math.exp(sum) : sum
  }

  /** 1 for a usual training network; more if the others leave open what such a network takes. */
  uncertainty(features: Features): number {
    const { leverage } = this.parameters
    if (!leverage || !this.leverage) return 1
    const estimate = this.estimate(features)
    const unit = this.latencyScale === 'log' ? 1 : estimate
    const ratio = this.leverage.at(this.columns) / (unit * unit)
    return Math.sqrt(1 - leverage.share + leverage.share * ratio)
  }

  /** Computes the columns of a network. */
  private read(features: Features): void {
    this.parameters.terms.forEach((term, i) => {
      const value = valueOf(term.features, features, this.latencyScale)
      this.columns[i + 1] = (value - term.mean) / term.scale
    })
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
  const fit = fitRobust(problem, terms)
  const { strengths, weights, factor } = fit
  const used = [...terms.keys()].filter((i) => strengths[terms[i].level] < Infinity)
  const entered = Object.entries(strengths).filter(([, strength]) => strength < Infinity)
  const { share, usual } = shareOf(fittedRows(problem, [0, ...used.map((i) => i + 1)], fit))
  return new AdditiveModel(
    {
      intercept: unit * weights[0],
      strengths: Object.fromEntries(entered),
      terms: used.map((i) => ({ ...terms[i], weight: unit * weights[i + 1] })),
      leverage: {
        share,
        factor: rowsOf(factor, used.length + 1, Math.sqrt(samples.length * usual) / unit),
      },
      domain,
    },
    latencyScale,
  )
}

/** Most rows to compute the leverage of. */
const MOST_ROWS = 500

/** Some rows of a problem, as the fit has them. */
function fittedRows(
  problem: Problem,
  columns: readonly number[],
  { weights, robust, factor }: ReturnType<typeof fitRobust>,
): FittedRow[] {
  const { rows, width, units } = problem
  const size = columns.length
  const leverage = new Leverage(rowsOf(factor, size, Math.sqrt(units.length)))
  const errors = relativeErrors(problem, fitted(problem, weights))
  return evenly([...units.keys()], MOST_ROWS).map((row) => {
    const own = Float64Array.from(columns, (column) => rows[row * width + column])
    return {
      error: errors[row],
      leverage: leverage.at(own) / (units[row] * units[row]),
      weight: robust[row],
    }
  })
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
