import type { Features, Schema, Static } from '@leti/records'
import { columnsOf } from './feature-columns.js'
import type { LatencyScale } from './model.js'
import type { Sample } from './sample.js'

/** The members that standardize a column: (value - mean) / scale. */
export const STANDARDIZATION = {
  mean: {
    type: 'number',
    description: 'Mean of the column, of logarithms if latencies are fitted as logarithms.',
  },
  scale: { type: 'number', exclusiveMinimum: 0, description: 'Standard deviation of the column.' },
} as const satisfies Record<string, Schema>

export const SCALING = {
  type: 'object',
  description: 'How a feature becomes a standardized column.',
  required: ['name', 'mean', 'scale'],
  properties: { name: { type: 'string', description: 'The feature.' }, ...STANDARDIZATION },
} as const satisfies Schema

/** How a feature becomes a standardized column. */
export type Scaling = Static<typeof SCALING>

/** Samples as the input of a regression. */
export interface Design {
  readonly scalings: Scaling[]
  /** Features with the same value in all samples: they explain nothing. */
  readonly constant: Features
  /** One row of standardized columns per sample. */
  readonly rows: number[][]
  /** Latencies in ms, or their logarithms. */
  readonly targets: number[]
  /** Weight of each row; the sum is 1. */
  readonly shares: number[]
}

/** Relative differences below this are rounding errors. */
const ROUNDING = 1e-9

/**
 * @param names the features to use; every sample must have them
 * @param shares weight of each sample; the sum is 1
 */
export function designOf(
  samples: readonly Sample[],
  names: readonly string[],
  latencyScale: LatencyScale,
  shares: number[],
): Design {
  const scalings: Scaling[] = []
  const constant: Features = {}
  const columns = columnsOf(samples)
  for (const name of names) {
    const column = columns.get(name) as Float64Array
    const values = Array.from(column, (value) => entered(value, latencyScale))
    if (isConstant(values)) constant[name] = samples[0].features[name]
    else scalings.push({ name, ...spread(values, shares) })
  }
  const rows = samples.map((sample) => rowOf(sample.features, scalings, latencyScale))
  const targets = samples.map(({ latency_ms }) =>
    latencyScale === 'log' ? Math.log(latency_ms) : latency_ms,
  )
  return { scalings, constant, rows, targets, shares }
}

/** The standardized columns of one sample. */
export function rowOf(
  features: Features,
  scalings: readonly Scaling[],
  latencyScale: LatencyScale,
): number[] {
  return scalings.map(
    ({ name, mean, scale }) => (entered(features[name], latencyScale) - mean) / scale,
  )
}

/**
 * A feature's value as it enters the regression. With `log` it is log(1 + x), so that twice the MACs
 * multiply the latency by a constant factor; log(x) is undefined for counts of 0.
 */
export function entered(value: number, latencyScale: LatencyScale): number {
  return latencyScale === 'log' ? Math.sign(value) * Math.log1p(Math.abs(value)) : value
}

/** Equal weights for all samples. */
export function equalShares(samples: readonly Sample[]): number[] {
  return samples.map(() => 1 / samples.length)
}

/**
 * Weights for which least squares minimizes relative errors: latencies span a wide range, and the
 * metrics are percentages. The errors of logarithms are relative already.
 */
export function relativeShares(samples: readonly Sample[], latencyScale: LatencyScale): number[] {
  if (latencyScale === 'log') return equalShares(samples)
  const weights = samples.map(({ latency_ms }) => 1 / (latency_ms * latency_ms))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

/** The weighted mean. */
export function meanOf(values: readonly number[], shares: readonly number[]): number {
  return values.reduce((sum, value, i) => sum + shares[i] * value, 0)
}

function spread(values: readonly number[], shares: readonly number[]) {
  const mean = meanOf(values, shares)
  const squares = values.map((value) => (value - mean) ** 2)
  return { mean, scale: Math.sqrt(meanOf(squares, shares)) }
}

function isConstant(values: readonly number[]): boolean {
  let min = Infinity
  let max = -Infinity
  for (const value of values) {
    if (value < min) min = value
    if (value > max) max = value
  }
  return max - min <= ROUNDING * Math.max(Math.abs(min), Math.abs(max))
}
