import type { Features } from '@leti/records'
import type { LatencyScale } from './model.js'
import type { Sample } from './sample.js'

/** How a feature becomes a column: its mean is taken off, and its standard deviation divided out. */
export interface Scaling {
  readonly name: string
  /** Of the feature as it enters: the logarithm, where the latencyScale is one. */
  readonly mean: number
  readonly scale: number
}

/** Samples as a regression sees them. */
export interface Design {
  readonly scalings: Scaling[]
  /** Features that had one value only and so explain nothing. */
  readonly constant: Features
  readonly rows: number[][]
  /** The latency in ms, or its logarithm. */
  readonly targets: number[]
  /** How much each row counts; the sum is 1. */
  readonly shares: number[]
}

/** Differences below this part of a feature's size are rounding. */
const ROUNDING = 1e-9

/**
 * @param names the features to use; each sample has them all
 * @param shares how much each sample counts; the sum is 1
 */
export function designOf(
  samples: readonly Sample[],
  names: readonly string[],
  latencyScale: LatencyScale,
  shares: number[],
): Design {
  const scalings: Scaling[] = []
  const constant: Features = {}
  for (const name of names) {
    const values = samples.map((sample) => entered(sample.features[name], latencyScale))
    if (isConstant(values)) constant[name] = samples[0].features[name]
    else scalings.push({ name, ...spread(values, shares) })
  }
  const rows = samples.map((sample) => rowOf(sample.features, scalings, latencyScale))
  const targets = samples.map(({ latency_ms }) =>
    latencyScale === 'log' ? Math.log(latency_ms) : latency_ms,
  )
  return { scalings, constant, rows, targets, shares }
}

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
 * A feature's value as it enters the regression. Beside the logarithm of a latency stands that of
 * the feature, so that twice the MACs make a fixed factor; counts may be 0, hence log(1 + x).
 */
export function entered(value: number, latencyScale: LatencyScale): number {
  return latencyScale === 'log' ? Math.sign(value) * Math.log1p(Math.abs(value)) : value
}

/** Every sample counts the same. */
export function equalShares(samples: readonly Sample[]): number[] {
  return samples.map(() => 1 / samples.length)
}

/**
 * Shares that make least squares minimise relative errors, since latencies span a wide range and
 * people read percentages. A logarithm's errors are relative as they are.
 */
export function relativeShares(samples: readonly Sample[], latencyScale: LatencyScale): number[] {
  if (latencyScale === 'log') return equalShares(samples)
  const weights = samples.map(({ latency_ms }) => 1 / (latency_ms * latency_ms))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

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
