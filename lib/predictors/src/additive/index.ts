import { domainOf, DomainCheck, toDomain, type Domain } from '../domain.js'
import { finiteNumber, list, object, oneOf } from '../checks.js'
import { foldNumbers } from '../folds.js'
import { median } from '../linear-algebra.js'
import type { Features } from '@leti/records'
import type { FitOptions, PredictorKind } from '../kind.js'
import type { Model, LatencyScale } from '../model.js'
import type { Sample } from '../sample.js'
import { chooseStrengths, fitRobust, type Strengths } from './selection.js'
import { LEVELS, termsOf, toTerm, valueOf, type Level, type Term } from './terms.js'
import type { Problem } from './regression.js'

const FOLDS = 5

/** With few samples and terms, the inner cross-validation is repeated this often. */
const REPEATS = 4
const FEW_SAMPLES = 300
const FEW_TERMS = 150

interface WeightedTerm extends Term {
  readonly weight: number
}

interface AdditiveParameters {
  /** ms, or a logarithm. */
  readonly intercept: number
  /** The ridge penalty of each level that is used. */
  readonly strengths: Partial<Strengths>
  readonly terms: readonly WeightedTerm[]
  readonly domain: Domain
}

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
 * grouped into levels of detail. Cross-validation chooses the penalty of each level, or leaves it out.
 */
export const additive: PredictorKind = {
  autoMinSamples: 0,

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, options) {
    return fitAdditive(samples, options)
  },

  fromJSON: toAdditive,
}

/** Caches models by their samples: `gp` is fitted on top of `additive`, and `auto` tries both. */
const fits = new WeakMap<readonly Sample[], Map<string, AdditiveModel>>()

export function fitAdditive(samples: readonly Sample[], options: FitOptions): AdditiveModel {
  const known = fits.get(samples) ?? new Map<string, AdditiveModel>()
  fits.set(samples, known)
  const key = `${options.latencyScale} ${options.seed}`
  const model = known.get(key) ?? fitAnew(samples, options)
  known.set(key, model)
  return model
}

function fitAnew(samples: readonly Sample[], { latencyScale, seed }: FitOptions): AdditiveModel {
  const domain = domainOf(samples)
  const terms = termsOf(samples, domain.varying, latencyScale)
  const { problem, unit } = problemOf(samples, terms, latencyScale)
  const strengths = chooseStrengths(problem, terms, assignmentsOf(samples, terms.length, seed))
  const weights = fitRobust(problem, terms, strengths)
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

/**
 * Inner folds: for each repeat, the fold of each sample. With few samples the result depends on the
 * assignment, so it is repeated if that is cheap.
 */
function assignmentsOf(samples: readonly Sample[], terms: number, seed: number): number[][] {
  const several = samples.length <= FEW_SAMPLES && terms <= FEW_TERMS
  return Array.from({ length: several ? REPEATS : 1 }, (_, repeat) =>
    foldNumbers(samples, FOLDS, seed + repeat),
  )
}

/** @throws {LetiError} `usage` if the parameters are damaged */
export function toAdditive(parameters: unknown, latencyScale: LatencyScale): AdditiveModel {
  return new AdditiveModel(toParameters(parameters), latencyScale)
}

/** @returns the regression, with latencies in a unit of their median if the scale is linear */
function problemOf(samples: readonly Sample[], terms: readonly Term[], latencyScale: LatencyScale) {
  const log = latencyScale === 'log'
  const unit = log ? 1 : median(samples.map(({ latency_ms }) => latency_ms))
  const width = terms.length + 1
  const rows = new Float64Array(samples.length * width)
  samples.forEach(({ features }, row) => {
    rows[row * width] = 1
    terms.forEach((term, i) => {
      rows[row * width + i + 1] =
        (valueOf(term.features, features, latencyScale) - term.mean) / term.scale
    })
  })
  const targets = Float64Array.from(samples, ({ latency_ms }) =>
    log ? Math.log(latency_ms) : latency_ms / unit,
  )
  const units = log ? new Float64Array(samples.length).fill(1) : targets
  const problem: Problem = { rows, width, targets, units }
  return { problem, unit }
}

function toParameters(value: unknown): AdditiveParameters {
  const parameters = object(value, 'parameters')
  const strengths = object(parameters.strengths, 'parameters.strengths')
  for (const name in strengths) {
    oneOf(name, 'parameters.strengths', LEVELS)
    finiteNumber(strengths[name], `parameters.strengths.${name}`)
  }
  return {
    intercept: finiteNumber(parameters.intercept, 'parameters.intercept'),
    strengths: strengths,
    terms: list(parameters.terms, 'parameters.terms').map(weightedTerm),
    domain: toDomain(parameters.domain, 'parameters.domain'),
  }
}

function weightedTerm(value: unknown, index: number): WeightedTerm {
  const place = `parameters.terms[${index}]`
  const weight = finiteNumber(object(value, place).weight, `${place}.weight`)
  return { ...toTerm(value, place), weight }
}
