import { LinearModel, linearParameters } from '../linear-model.js'
import { huberWeights } from '../additive/regression.js'
import { domainOf } from '../domain.js'
import { designOf, entered, relativeShares } from '../design.js'
import type { Kind, Sample, Target } from '../model.js'

/** The sums over kernels that a table adds up: of what is executed, where that is told apart. */
const EXECUTED = /^(executed|stage\d+)_/
const WRITTEN = /^(kernel|stage\d+)_/

/** Sweeps over the columns, and the change in the prediction below which they end. */
const SWEEPS = 500
const SETTLED = 1e-7

/** How often the weights of doubtful rows are refreshed. */
const STEPS = 6

/**
 * A lookup table: every kernel costs what kernels of its kind and size cost, a network the sum. No
 * cost is below 0. The costs are solved from the times of whole networks, by non-negative least
 * squares on relative errors; a table that was measured kernel by kernel has the same form.
 */
export const lut: Kind = {
  summary: 'a table of the cost of each kind of kernel, solved by non-negative least squares',

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, { target }) {
    const names = columnsOf(samples)
    const design = designOf(samples, names, target, relativeShares(samples, target))
    const columns = design.scalings.map(({ name }) => columnOf(samples, name, target))
    const { intercept, costs } = robust(columns, design.targets, design.shares)
    // The costs are those of the features as they are; the model's are per standard deviation.
    const features = design.scalings.map((scaling, i) => ({
      ...scaling,
      weight: costs[i] * scaling.scale,
    }))
    const atMean = design.scalings.reduce((sum, { mean }, i) => sum + costs[i] * mean, intercept)
    const kept = features.filter(({ weight }) => weight > 0)
    const { varying, constant } = domainOf(samples)
    const rest = varying.filter((name) => kept.every((feature) => feature.name !== name))
    const known = Object.fromEntries(rest.map((name) => [name, 1]))
    const parameters = { intercept: atMean, features: kept, constant: { ...constant, ...known } }
    return new LinearModel(parameters, target)
  },

  fromJSON: (parameters, target) => new LinearModel(linearParameters(parameters), target),
}

function columnsOf(samples: readonly Sample[]): string[] {
  const names = Object.keys(samples[0].features)
  const executed = names.filter((name) => EXECUTED.test(name))
  const found = executed.some((name) => name.startsWith('executed_'))
    ? executed
    : names.filter((name) => WRITTEN.test(name))
  return found.length ? found : names
}

function columnOf(samples: readonly Sample[], name: string, target: Target): Float64Array {
  return Float64Array.from(samples, ({ features }) => entered(features[name], target))
}

/** Non-negative least squares in which doubtful rows count less (Huber). */
function robust(
  columns: readonly Float64Array[],
  targets: readonly number[],
  shares: readonly number[],
): Solution {
  let current = shares
  let solution = nonNegative(columns, targets, current)
  for (let step = 0; step < STEPS; step++) {
    const errors = Float64Array.from(
      targets,
      (target, row) => (target - predictedOf(columns, solution, row)) * Math.sqrt(shares[row]),
    )
    const weights = huberWeights(errors)
    const total = shares.reduce((sum, share, row) => sum + share * weights[row], 0)
    current = shares.map((share, row) => (share * weights[row]) / total)
    solution = nonNegative(columns, targets, current, solution)
  }
  return solution
}

interface Solution {
  readonly intercept: number
  readonly costs: Float64Array
}

function predictedOf(
  columns: readonly Float64Array[],
  { intercept, costs }: Solution,
  row: number,
): number {
  return columns.reduce((sum, column, i) => sum + costs[i] * column[row], intercept)
}

/** By coordinate descent, from a start; the intercept is free. */
function nonNegative(
  columns: readonly Float64Array[],
  targets: readonly number[],
  shares: readonly number[],
  start: Solution = { intercept: 0, costs: new Float64Array(columns.length) },
): Solution {
  const costs = Float64Array.from(start.costs)
  let { intercept } = start
  const left = Float64Array.from(
    targets,
    (target, row) => target - predictedOf(columns, start, row),
  )
  const norms = columns.map((column) => column.reduce((sum, x, i) => sum + shares[i] * x * x, 0))
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const shift = left.reduce((sum, rest, i) => sum + shares[i] * rest, 0)
    intercept += shift
    for (let i = 0; i < left.length; i++) left[i] -= shift
    let change = Math.abs(shift)
    columns.forEach((column, index) => {
      const slope = column.reduce((sum, x, i) => sum + shares[i] * x * left[i], 0)
      const next = Math.max(0, costs[index] + slope / norms[index])
      const step = next - costs[index]
      if (!step) return
      costs[index] = next
      for (let i = 0; i < left.length; i++) left[i] -= step * column[i]
      change = Math.max(change, Math.abs(step) * Math.sqrt(norms[index]))
    })
    if (change < SETTLED * Math.abs(targets[0])) break
  }
  return { intercept, costs }
}
