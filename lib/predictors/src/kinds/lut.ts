import { fitted, relativeErrors } from '../additive/regression.js'
import { domainOf } from '../domain.js'
import { designOf, entered, relativeShares } from '../design.js'
import { LinearModel, linearParameters } from '../linear-model.js'
import { median } from '../linear-algebra.js'
import type { Kind, Sample, Target } from '../model.js'
import { nonNegative } from '../non-negative.js'

/** The sums over kernels that a table adds up: as the network is written, or as it is executed. */
const EXECUTED = /^(executed|stage\d+)_/
const WRITTEN = /^(kernel|stage\d+)_/

/**
 * A lookup table: every kernel costs what kernels of its kind and size cost, a network the sum. No
 * cost is below 0. The costs are solved from the times of whole networks, by robust non-negative least
 * squares on relative errors, for the graph as written or as executed, whichever fits better; a table that was measured kernel by kernel has the same form.
 */
export const lut: Kind = {
  summary: 'a table of the cost of each kind of kernel, solved by non-negative least squares',

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, { target }) {
    const tables = columnsOf(samples).map((names) => tableOf(samples, names, target))
    return tables.reduce((a, b) => (b.loss < a.loss ? b : a)).model
  },

  fromJSON: (parameters, target) => new LinearModel(linearParameters(parameters), target),
}

function tableOf(samples: readonly Sample[], names: readonly string[], target: Target) {
  const design = designOf(samples, names, target, relativeShares(samples, target))
  const { scalings, targets } = design
  const unit = median(targets.map(Math.abs)) || 1
  const width = scalings.length + 1
  const rows = new Float64Array(samples.length * width)
  samples.forEach(({ features }, row) => {
    rows[row * width] = 1
    scalings.forEach(({ name, scale }, i) => {
      rows[row * width + i + 1] = entered(features[name], target) / scale
    })
  })
  const scaled = Float64Array.from(targets, (value) => value / unit)
  const units = target === 'log' ? new Float64Array(samples.length).fill(1) : scaled
  const problem = { rows, width, targets: scaled, units }
  const raw = nonNegative(problem, new Float64Array(width))
  const weights = raw.map((weight) => unit * weight)
  const costs = scalings.map((scaling, i) => ({ ...scaling, weight: weights[i + 1] }))
  // The table counts from nothing, the linear model from the mean.
  const intercept = costs.reduce(
    (sum, { weight, mean, scale }) => sum + (weight * mean) / scale,
    weights[0],
  )
  const features = costs.filter(({ weight }) => weight > 0)
  const constant = knownOf(samples, features)
  const errors = relativeErrors(problem, fitted(problem, raw)).map(Math.abs)
  return { model: new LinearModel({ intercept, features, constant }, target), loss: median(errors) }
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
  const tables = [WRITTEN, EXECUTED]
    .map((table) => names.filter((name) => table.test(name)))
    .filter((found) => found.length)
  return tables.length ? tables : [names]
}
