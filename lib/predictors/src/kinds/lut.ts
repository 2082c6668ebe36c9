import { parseFeatureName, type FeatureScope } from '@leti/records'
import type { Problem } from '../additive/moments.js'
import { fitted, relativeErrors } from '../additive/regression.js'
import { domainOf } from '../domain.js'
import { designOf, entered, relativeShares, type Scaling } from '../design.js'
import { PROFILED_OPERATORS } from '../kernel-times.js'
import { columnsOf } from '../feature-columns.js'
import { LINEAR, LinearModel, type LinearParameters } from '../linear-model.js'
import { median } from '../linear-algebra.js'
import type { PredictorKind } from '../kind.js'
import type { LatencyScale } from '../model.js'
import type { Sample } from '../sample.js'
import { nonNegative } from '../non-negative.js'

/** The scopes of the features that each table adds up: the network as written, or as executed. */
const TABLE_SCOPES = [
  ['kernel', 'stage'],
  ['executed', 'stage'],
] as const satisfies readonly FeatureScope[][]

/** The part of the latency that profiles must cover to be used. */
const EXPLAINED = 0.5

/** The costs of features; none is below 0. */
interface Table {
  readonly base: number
  readonly costs: readonly (Scaling & { readonly weight: number })[]
  /** The table's sum for each sample. */
  readonly sums: Float64Array
}

/**
 * A lookup table: a network costs the sum of its kernels, with a cost per kind of kernel and size, for the
 * network as written or as executed, whichever fits better. If all samples were profiled, each operator's
 * costs are fitted to the times of its kernels, and a line maps the sums to latencies. Otherwise the
 * costs are fitted to the latencies of whole networks. Both by robust non-negative least squares on errors
 * relative to the latency.
 */
export const lut: PredictorKind = {
  autoMinSamples: 0,

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, { latencyScale }) {
    const profiled = latencyScale === 'linear' && isProfiled(samples)
    const tables = namesOfTables(samples).map((names) => {
      const table = profiled
        ? profiledTable(samples, names)
        : wholeTable(samples, names, latencyScale)
      return { table, loss: median(errorsOf(samples, table.sums, latencyScale)) }
    })
    const best = tables.reduce((a, b) => (b.loss < a.loss ? b : a))
    return modelOf(samples, best.table, latencyScale)
  },

  schema: LINEAR,

  fromJSON: (parameters: LinearParameters, latencyScale) =>
    new LinearModel(parameters, latencyScale),
}

/** Whether the profiles cover most of the latency, in the median: single latencies may be outliers. */
function isProfiled(samples: readonly Sample[]): boolean {
  const explained = samples.map(({ kernel_ms, latency_ms }) => {
    const sum = Object.values(kernel_ms ?? {}).reduce((total, ms) => total + ms, 0)
    return sum / latency_ms
  })
  return explained.every((part) => part > 0) && median(explained) > EXPLAINED
}

/** A table from the latencies of whole networks. */
function wholeTable(
  samples: readonly Sample[],
  names: readonly string[],
  latencyScale: LatencyScale,
): Table {
  const targets = samples.map(({ latency_ms }) => enteredLatency(latency_ms, latencyScale))
  return tableOf(samples, names, targets, latencyScale)
}

/** A table per operator from the profiles, and a line that maps their sums to latencies. */
function profiledTable(samples: readonly Sample[], names: readonly string[]): Table {
  const parts = PROFILED_OPERATORS.map((operator) => {
    const own = names.filter((name) => parseFeatureName(name).operator === operator)
    const times = samples.map(({ kernel_ms }) => kernel_ms?.[operator] ?? 0)
    return tableOf(samples, own, times, 'linear')
  })
  const sums = Float64Array.from(samples, (_, i) =>
    parts.reduce((sum, part) => sum + part.sums[i], 0),
  )
  const rows = Float64Array.from([...sums].flatMap((sum) => [1, sum]))
  const latencies = Float64Array.from(samples, ({ latency_ms }) => latency_ms)
  const line = { rows, width: 2, targets: latencies, units: latencies }
  const [rest, factor] = nonNegative(line, new Float64Array(2))
  return {
    base: rest + factor * parts.reduce((sum, { base }) => sum + base, 0),
    costs: parts.flatMap(({ costs }) =>
      costs.map((cost) => ({ ...cost, weight: factor * cost.weight })),
    ),
    sums: sums.map((sum) => rest + factor * sum),
  }
}

/** @param values the sum that the table should give for each sample */
function tableOf(
  samples: readonly Sample[],
  names: readonly string[],
  values: readonly number[],
  latencyScale: LatencyScale,
): Table {
  const { scalings } = designOf(samples, names, latencyScale, relativeShares(samples, latencyScale))
  const width = scalings.length + 1
  const rows = new Float64Array(samples.length * width)
  for (let row = 0; row < samples.length; row++) rows[row * width] = 1
  const columns = columnsOf(samples)
  scalings.forEach(({ name, scale }, i) => {
    const values = columns.get(name) as Float64Array
    values.forEach((value, row) => {
      rows[row * width + i + 1] = entered(value, latencyScale) / scale
    })
  })
  const unit = median(values.map(Math.abs)) || 1
  const targets = Float64Array.from(values, (value) => value / unit)
  const units = Float64Array.from(samples, ({ latency_ms }) =>
    latencyScale === 'log' ? 1 : latency_ms / unit,
  )
  const problem: Problem = { rows, width, targets, units }
  const weights = nonNegative(problem, new Float64Array(width))
  return {
    base: unit * weights[0],
    costs: scalings.map((scaling, i) => ({ ...scaling, weight: unit * weights[i + 1] })),
    sums: fitted(problem, weights).map((sum) => unit * sum),
  }
}

function errorsOf(
  samples: readonly Sample[],
  sums: Float64Array,
  latencyScale: LatencyScale,
): Float64Array {
  const targets = Float64Array.from(samples, ({ latency_ms }) =>
    enteredLatency(latency_ms, latencyScale),
  )
  const units = latencyScale === 'log' ? targets.map(() => 1) : targets
  const problem: Problem = { rows: new Float64Array(), width: 0, targets, units }
  return relativeErrors(problem, sums).map(Math.abs)
}

function enteredLatency(latency_ms: number, latencyScale: LatencyScale): number {
  return latencyScale === 'log' ? Math.log(latency_ms) : latency_ms
}

function modelOf(
  samples: readonly Sample[],
  { base, costs }: Table,
  latencyScale: LatencyScale,
): LinearModel {
  // The table's intercept is at 0, that of the linear model at the mean of the features.
  const intercept = costs.reduce(
    (sum, { weight, mean, scale }) => sum + (weight * mean) / scale,
    base,
  )
  const features = costs.filter(({ weight }) => weight > 0)
  return new LinearModel(
    { intercept, features, constant: knownOf(samples, features) },
    latencyScale,
  )
}

/** Features of the training set that are not in the table. Only whether they are 0 matters. */
function knownOf(samples: readonly Sample[], table: readonly { readonly name: string }[]) {
  const { varying, constant } = domainOf(samples)
  const own = new Set(table.map(({ name }) => name))
  const others = varying.filter((name) => !own.has(name)).map((name) => [name, 1] as const)
  return { ...constant, ...Object.fromEntries(others) }
}

/** The feature names of each possible table; all features if they have neither. */
function namesOfTables(samples: readonly Sample[]): string[][] {
  const names = Object.keys(samples[0].features)
  const tables = TABLE_SCOPES.map((scopes: readonly FeatureScope[]) =>
    names.filter((name) => {
      const { scope } = parseFeatureName(name)
      return scope !== undefined && scopes.includes(scope)
    }),
  ).filter((found) => found.length)
  return tables.length ? tables : [names]
}
