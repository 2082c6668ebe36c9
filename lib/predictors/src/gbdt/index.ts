import { ACTIVATION_BYTES, MACS, type Features } from '@leti/records'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { finiteNumber, list, object, text } from '../checks.js'
import { domainOf, DomainCheck, toDomain, type Domain } from '../domain.js'
import { median } from '../linear-algebra.js'
import { robustScale } from '../robust.js'
import type { FitOptions, PredictorKind } from '../kind.js'
import type { Model } from '../model.js'
import type { Sample } from '../sample.js'
import { shuffled } from '../random.js'
import { binned, growTree, treeValue, type Tree } from './tree.js'

/** Learning rate. */
const RATE = 0.05
const MAX_TREES = 600
const LEAVES = 12
/** Least rows per leaf. */
const MIN_ROWS = 4
/** L2 penalty on the leaf values. */
const SHRINKAGE = 1
/** Shares of the rows and columns that each tree is grown on. */
const ROW_SHARE = 0.7
const COLUMN_SHARE = 0.5
/** Early stopping: share of the samples held out, and number of trees without gain. */
const STOP_SHARE = 0.15
const PATIENCE = 40

/** Bound of the gradients (Huber's loss), in robust standard deviations of the errors. */
const BOUND = 2

/** Monotonic features: latency does not fall with more arithmetic or more bytes. */
const RISING = [MACS, ACTIVATION_BYTES]

interface GbdtParameters {
  /** The initial prediction: a logarithm of latency. */
  readonly start: number
  readonly columns: readonly string[]
  readonly trees: readonly Tree[]
  readonly domain: Domain
}

class GbdtModel implements Model {
  private readonly domain: DomainCheck
  private readonly row: Float64Array

  constructor(private readonly parameters: GbdtParameters) {
    this.domain = new DomainCheck(parameters.domain, parameters.columns)
    this.row = new Float64Array(parameters.columns.length)
  }

  check(features: Features): void {
    this.domain.check(features)
  }

  estimate(features: Features): number {
    const { columns, trees, start } = this.parameters
    columns.forEach((name, i) => (this.row[i] = features[name]))
    let sum = start
    for (const tree of trees) sum += RATE * treeValue(tree, this.row)
    return Math.exp(sum)
  }

  toJSON(): GbdtParameters {
    return this.parameters
  }
}

/**
 * Gradient-boosted decision trees on the logarithm of the latency, with histogram splits, leaf-wise growth
 * and monotonic features (after LightGBM: Ke et al., NeurIPS 2017).
 */
export const gbdt: PredictorKind = {
  // Fewer samples are too few for trees.
  autoMinSamples: 150,

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, options) {
    return fitGbdt(samples, options)
  },

  fromJSON(value) {
    const parameters = object(value, 'parameters')
    const columns = list(parameters.columns, 'parameters.columns')
    return new GbdtModel({
      start: finiteNumber(parameters.start, 'parameters.start'),
      columns: columns.map((name, i) => text(name, `parameters.columns[${i}]`)),
      trees: list(parameters.trees, 'parameters.trees').map((tree, i) =>
        toTree(tree, `parameters.trees[${i}]`, columns.length),
      ),
      domain: toDomain(parameters.domain, 'parameters.domain'),
    })
  },
}

function fitGbdt(samples: readonly Sample[], { seed }: FitOptions): GbdtModel {
  const domain = domainOf(samples)
  const columns = [...domain.varying]
  const values = columns.map((name) => Float64Array.from(samples, ({ features }) => features[name]))
  const targets = Float64Array.from(samples, ({ latency_ms }) => Math.log(latency_ms))
  const start = median(targets)
  if (!columns.length) return new GbdtModel({ start, columns, trees: [], domain })

  const order = shuffled([...samples.keys()], seed)
  const held = order.slice(0, Math.floor(STOP_SHARE * order.length))
  const seen = order.slice(held.length)
  const data = binned(values)
  const rising = new Set([...columns.keys()].filter((column) => RISING.includes(columns[column])))
  const random = xoroshiro128plus(seed)
  const predicted = new Float64Array(samples.length).fill(start)
  const row = new Float64Array(columns.length)
  const trees: Tree[] = []
  let best = { loss: Infinity, trees: 0 }
  while (trees.length < MAX_TREES && trees.length - best.trees < PATIENCE) {
    const gradients = clippedErrors(targets, predicted, seen)
    const picked = Int32Array.from(seen.filter(() => uniformInt(random, 0, 999) < 1000 * ROW_SHARE))
    const allowed = [...columns.keys()].filter(
      () => uniformInt(random, 0, 999) < 1000 * COLUMN_SHARE,
    )
    const options = {
      leaves: LEAVES,
      minRows: MIN_ROWS,
      shrinkage: SHRINKAGE,
      columns: allowed,
      rising,
    }
    const tree = growTree(data, gradients, picked, options)
    trees.push(tree)
    for (let sample = 0; sample < samples.length; sample++) {
      for (let i = 0; i < columns.length; i++) row[i] = values[i][sample]
      predicted[sample] += RATE * treeValue(tree, row)
    }
    const tested = held.length ? held : seen
    const loss = tested.reduce((sum, i) => sum + Math.abs(targets[i] - predicted[i]), 0)
    if (loss < best.loss) best = { loss, trees: trees.length }
  }
  return new GbdtModel({ start, columns, trees: trees.slice(0, best.trees), domain })
}

/** The residuals, clipped so that outliers do not dominate: the negative gradients of Huber's loss. */
function clippedErrors(
  targets: Float64Array,
  predicted: Float64Array,
  rows: readonly number[],
): Float64Array {
  const errors = targets.map((target, i) => target - predicted[i])
  const bound = BOUND * robustScale(rows.map((row) => errors[row]))
  return errors.map((error) => Math.max(-bound, Math.min(bound, error)))
}

/** @throws {LetiError} `usage` if the value is not a tree */
function toTree(value: unknown, place: string, width: number): Tree {
  const tree = object(value, place)
  const numbers = (name: string): number[] =>
    list(tree[name], `${place}.${name}`).map((item, i) =>
      finiteNumber(item, `${place}.${name}[${i}]`),
    )
  const result = {
    column: numbers('column'),
    bound: numbers('bound'),
    left: numbers('left'),
    right: numbers('right'),
    value: numbers('value'),
  }
  result.column.forEach((column, node) => {
    const children = [result.left[node], result.right[node]]
    const inner = column >= 0
    // Children follow their parent in the list, so every walk ends.
    const sound = children.every((child) => child > node && child < result.column.length)
    if (column >= width || (inner && !sound)) object(undefined, `${place}.column[${node}]`)
  })
  return result
}
