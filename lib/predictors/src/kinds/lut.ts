import { parseFeatureName, type FeatureScope } from '@leti/records'
import { fitted, relativeErrors, type Problem } from '../additive/regression.js'
import { domainOf } from '../domain.js'
import { designOf, entered, relativeShares, type Scaling } from '../design.js'
import { PROFILED_OPERATORS } from '../kernel-times.js'
import { LinearModel, linearParameters } from '../linear-model.js'
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

/** The part of the latencies that profiles must explain for tables to be made of them. */
const EXPLAINED = 0.5

/** Costs by feature; no cost is below 0. */
interface Table {
  readonly base: number
  readonly costs: readonly (Scaling & { readonly weight: number })[]
  /** What the table gives for each sample. */
  readonly sums: Float64Array
}

/**
 * A lookup table: every kernel costs what kernels of its kind and size cost, a network the sum, for the
 * graph as written or as executed, whichever fits better. Where all samples were profiled, the times of
 * their kernels are what the costs are made of, operator by operator, and one line leads from the
 * table's sums to the latencies; else the costs are solved from the times of whole networks. Either way
 * by robust non-negative least squares on errors relative to the latency.
 */
export const lut: PredictorKind = {
  summary: 'a table of the cost of each kind of kernel, from profiles or from whole networks',
  autoMinSamples: 0,

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, { latencyScale }) {
    const profiled = latencyScale === 'linear' && isProfiled(samples)
    const tables = columnsOf(samples).map((names) => {
      const table = profiled
        ? profiledTable(samples, names)
        : wholeTable(samples, names, latencyScale)
      return { table, loss: median(errorsOf(samples, table.sums, latencyScale)) }
    })
    const best = tables.reduce((a, b) => (b.loss < a.loss ? b : a))
    return modelOf(samples, best.table, latencyScale)
  },

  fromJSON: (parameters, latencyScale) =>
    new LinearModel(linearParameters(parameters), latencyScale),
}

/** A latency that was disturbed does not make its profile, or the others', worthless. */
function isProfiled(samples: readonly Sample[]): boolean {
  const explained = samples.map(({ kernel_ms, latency_ms }) => {
    const sum = Object.values(kernel_ms ?? {}).reduce((total, ms) => total + ms, 0)
    return sum / latency_ms
  })
  return explained.every((part) => part > 0) && median(explained) > EXPLAINED
}

function wholeTable(
  samples: readonly Sample[],
  names: readonly string[],
  latencyScale: LatencyScale,
): Table {
  const targets = samples.map(({ latency_ms }) => enteredLatency(latency_ms, latencyScale))
  return tableOf(samples, names, targets, latencyScale)
}

/** Each operator's kernels have a table of their own; the sums then become latencies. */
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

/** @param values what the table is to give for each sample */
function tableOf(
  samples: readonly Sample[],
  names: readonly string[],
  values: readonly number[],
  latencyScale: LatencyScale,
): Table {
  const { scalings } = designOf(samples, names, latencyScale, relativeShares(samples, latencyScale))
  const width = scalings.length + 1
  const rows = new Float64Array(samples.length * width)
  samples.forEach(({ features }, row) => {
    rows[row * width] = 1
    scalings.forEach(({ name, scale }, i) => {
      rows[row * width + i + 1] = entered(features[name], latencyScale) / scale
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
  // The table counts from nothing, the linear model from the mean.
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

/** Features that the training had, beside those in the table. */
function knownOf(samples: readonly Sample[], table: readonly { readonly name: string }[]) {
  const { varying, constant } = domainOf(samples)
  const own = new Set(table.map(({ name }) => name))
  const others = varying.filter((name) => !own.has(name)).map((name) => [name, 1] as const)
  return { ...constant, ...Object.fromEntries(others) }
}

/** The names of both tables, or of the one that the features allow. */
function columnsOf(samples: readonly Sample[]): string[][] {
  const names = Object.keys(samples[0].features)
  const tables = TABLE_SCOPES.map((scopes: readonly FeatureScope[]) =>
    names.filter((name) => {
      const { scope } = parseFeatureName(name)
      return scope !== undefined && scopes.includes(scope)
    }),
  ).filter((found) => found.length)
  return tables.length ? tables : [names]
}
