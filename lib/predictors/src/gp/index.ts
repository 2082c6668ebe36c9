import { LetiError, type Features, type Schema, type Static } from '@leti/records'
import { ADDITIVE, AdditiveModel, fitAdditive } from '../additive/index.js'
import { TERM, termsOf, valueOf, type Term } from '../additive/terms.js'
import { domainOf } from '../domain.js'
import type { FitOptions, PredictorKind } from '../kind.js'
import type { Model, LatencyScale } from '../model.js'
import type { Sample } from '../sample.js'
import { shuffled } from '../random.js'
import { robustScale } from '../robust.js'
import { covariance, squaredDistances, type Points } from './covariance.js'
import type { Hyperparameters } from './hyperparameters.js'
import { posterior } from './process.js'
import { chooseRelevance } from './relevance.js'
import { sparsePosterior } from './sparse.js'

/** Most samples of an exact fit, whose cost grows with their cube. Of more, some stand for all. */
const MAX_EXACT = 1000

/**
 * How many stand for all: at most so many, and the time of a fit, which grows with the samples and the square of
 * the number, stays below that of 15,000 samples and 450 points.
 */
const MAX_INDUCING = 800
const MAX_WORK = 15_000 * 450 * 450

const GP = {
  type: 'object',
  description: 'A Gaussian process on the log residuals of an additive model.',
  required: ['signal', 'noise', 'columns', 'points', 'alpha', 'mean'],
  properties: {
    signal: {
      type: 'number',
      description: 'Standard deviation of the signal, in the logarithm of the latency.',
    },
    noise: {
      type: 'number',
      description: 'Variance of the noise; the variance of the signal is 1.',
    },
    columns: {
      type: 'array',
      description: 'The terms that the process depends on.',
      items: {
        ...TERM,
        required: [...TERM.required, 'inverse'],
        properties: {
          ...TERM.properties,
          inverse: {
            type: 'number',
            minimum: 0,
            description: 'Squared inverse length scale, in units of the standardized term.',
          },
        },
      },
    },
    points: {
      type: 'array',
      items: { type: 'array', items: { type: 'number' } },
      description: 'The standardized columns of each point, divided by their length scales.',
    },
    alpha: {
      type: 'array',
      items: { type: 'number' },
      description: "Weights of the points' covariances.",
    },
    mean: { ...ADDITIVE, description: 'The additive model that is the prior mean.' },
  },
} as const satisfies Schema

type GpParameters = Static<typeof GP>

/** An additive model times the exponential of a Gaussian process. */
class GpModel implements Model {
  private readonly flat: Float64Array
  private readonly row: Float64Array

  constructor(
    private readonly parameters: GpParameters,
    private readonly mean: AdditiveModel,
    private readonly latencyScale: LatencyScale,
  ) {
    this.flat = Float64Array.from(parameters.points.flat())
    this.row = new Float64Array(parameters.columns.length)
  }

  get features(): readonly string[] {
    return this.mean.features
  }

  check(features: Features): void {
    this.mean.check(features)
  }

  estimate(features: Features): number {
    const { columns, alpha, signal } = this.parameters
    const { flat, row } = this
    columns.forEach((column, i) => {
      const value = valueOf(column.features, features, this.latencyScale)
      row[i] = (Math.sqrt(column.inverse) * (value - column.mean)) / column.scale
    })
    const width = columns.length
    let sum = 0
    for (let point = 0; point < alpha.length; point++) {
      let distance = 0
      for (let i = 0, at = point * width; i < width; i++, at++) {
        const difference = row[i] - flat[at]
        distance += difference * difference
      }
      sum += alpha[point] * covariance(distance)
    }
    return this.mean.estimate(features) * Math.exp(signal * sum)
  }

  /** That of the additive model: the process says little of networks that are far from all points. */
  uncertainty(features: Features): number {
    return this.mean.uncertainty(features)
  }

  toJSON(): GpParameters {
    return this.parameters
  }
}

/**
 * A Gaussian process on the log residuals of the additive model (Rasmussen and Williams, "Gaussian
 * Processes for Machine Learning", 2006).
 */
export const gp: PredictorKind = {
  autoMinSamples: 0,

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, options) {
    return fitGp(samples, options)
  },

  schema: GP,

  fromJSON(parameters: GpParameters, latencyScale) {
    checkSizes(parameters)
    const mean = new AdditiveModel(parameters.mean, latencyScale)
    return new GpModel(parameters, mean, latencyScale)
  },
}

function fitGp(samples: readonly Sample[], options: FitOptions): GpModel {
  const { latencyScale, seed } = options
  const mean = fitAdditive(samples, options)
  const order = shuffled(samples, seed)
  const first = order.slice(0, MAX_EXACT)
  // Levels that the additive model leaves out hardly explain its residuals.
  const terms = termsOf(first, domainOf(first).varying, latencyScale).filter(
    ({ features, level }) => features.length === 1 && mean.uses(level),
  )
  const left = Float64Array.from(order, ({ features, latency_ms }) => {
    const estimate = mean.estimate(features)
    return estimate > 0 ? Math.log(latency_ms / estimate) : 0
  })
  const signal = robustScale(left) || 1
  const observed = left.map((value) => value / signal)
  const all = pointsOf(order, terms, latencyScale)
  const chosen = chooseRelevance(all, terms, observed)
  const { inverse, noise } = chosen
  const used = [...inverse.keys()].filter((column) => inverse[column] > 0)
  const parameters = {
    signal,
    noise,
    columns: used.map((column) => ({ ...terms[column], inverse: inverse[column] })),
    ...weightedPoints(all, used, observed, chosen),
    mean: mean.toJSON(),
  }
  return new GpModel(parameters, mean, latencyScale)
}

/** The points that predictions compare with, in units of their length scales, and the weight of each. */
function weightedPoints(
  all: Points,
  used: readonly number[],
  observed: Float64Array,
  { inverse, noise }: Hyperparameters,
): { points: number[][]; alpha: number[] } {
  const points = Array.from({ length: all.count }, (_, point) =>
    used.map((column) => Math.sqrt(inverse[column]) * all.rows[point * all.width + column]),
  )
  if (all.count <= MAX_EXACT) {
    const { alpha } = posterior(squaredDistances(all, inverse), observed, noise)
    return { points, alpha: [...alpha] }
  }
  const most = Math.min(MAX_INDUCING, Math.floor(Math.sqrt(MAX_WORK / all.count)))
  const scaled = { rows: Float64Array.from(points.flat()), width: used.length, count: all.count }
  const { chosen, alpha } = sparsePosterior(scaled, observed, noise, most)
  return { points: chosen.map((point) => points[point]), alpha: [...alpha] }
}

function pointsOf(
  samples: readonly Sample[],
  terms: readonly Term[],
  latencyScale: LatencyScale,
): Points {
  const width = terms.length
  const rows = new Float64Array(samples.length * width)
  samples.forEach(({ features }, row) => {
    terms.forEach((term, i) => {
      const value = valueOf(term.features, features, latencyScale)
      rows[row * width + i] = (value - term.mean) / term.scale
    })
  })
  return { rows, width, count: samples.length }
}

/** @throws {LetiError} `usage` if the sizes of the lists do not fit together */
function checkSizes({ points, alpha, columns }: GpParameters): void {
  if (alpha.length !== points.length) {
    throw new LetiError('usage', '"alpha" must have one number for each of "points"')
  }
  if (points.some((point) => point.length !== columns.length)) {
    throw new LetiError('usage', 'each of "points" must have one number for each of "columns"')
  }
}
