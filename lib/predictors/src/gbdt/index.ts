import {
  ACTIVATION_BYTES,
  LetiError,
  MACS,
  type Features,
  type Schema,
  type Static,
} from '@leti/records'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { DOMAIN, domainOf, DomainCheck } from '../domain.js'
import { columnsOf } from '../feature-columns.js'
import { median } from '../linear-algebra.js'
import { robustScale } from '../robust.js'
import type { FitOptions, PredictorKind } from '../kind.js'
import { SATURATES } from '../limits/growth.js'
import type { Model } from '../model.js'
import type { Sample } from '../sample.js'
import { shuffledNetworks } from '../random.js'
import { binned } from './bins.js'
import { growTree, TREE, treeValue, type Tree } from './tree.js'

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

/** Most rows that the standard deviation is taken from; they are in random order. */
const MAX_JUDGES = 1000

/** Monotonic features: latency does not fall with more arithmetic or more bytes. */
const RISING = [MACS, ACTIVATION_BYTES]

const GBDT = {
  type: 'object',
  description: 'Decision trees whose values are added up.',
  required: ['start', 'columns', 'trees', 'domain'],
  properties: {
    start: { type: 'number', description: 'The initial prediction: a logarithm of latency.' },
    columns: {
      type: 'array',
      items: { type: 'string' },
      description: 'Names of the features that the trees compare.',
    },
    trees: { type: 'array', items: TREE, description: 'The trees.' },
    domain: DOMAIN,
  },
} as const satisfies Schema

type GbdtParameters = Static<typeof GBDT>

class GbdtModel implements Model {
  readonly growth = SATURATES
  private readonly domain: DomainCheck
  private readonly row: Float64Array

  constructor(private readonly parameters: GbdtParameters) {
    this.domain = new DomainCheck(parameters.domain, parameters.columns)
    this.row = new Float64Array(parameters.columns.length)
  }

  get features(): readonly string[] {
    return this.domain.names
  }

  check(features: Features): void {
    this.domain.check(features)
  }

  estimate(features: Features): number {
    const { columns, trees, start } = this.parameters
    columns.forEach((name, i) => (this.row[i] = features[name]))
    let sum = start
    for (const tree of trees) sum += RATE * treeValue(tree, (column) => this.row[column])
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
  takesLong: true,

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds load what they fit with
  async fit(samples, options) {
    return fitGbdt(samples, options)
  },

  schema: GBDT,

  fromJSON(parameters: GbdtParameters) {
    const { trees, columns } = parameters
    trees.forEach((tree, index) => checkTree(tree, columns.length, `trees[${index}]`))
    return new GbdtModel(parameters)
  },
}

function fitGbdt(samples: readonly Sample[], { seed }: FitOptions): GbdtModel {
  const domain = domainOf(samples)
  const columns = [...domain.varying]
  const known = columnsOf(samples)
  const values = columns.map((name) => known.get(name) as Float64Array)
  const targets = Float64Array.from(samples, ({ latency_ms }) => Math.log(latency_ms))
  const start = median(targets)
  if (!columns.length) return new GbdtModel({ start, columns, trees: [], domain })

  const order = shuffledNetworks(samples, seed)
  const heldNetworks = Math.floor(STOP_SHARE * order.length)
  const held = order.slice(0, heldNetworks).flat()
  const seen = order.slice(heldNetworks).flat()
  const judges = seen.slice(0, MAX_JUDGES)
  const data = binned(values)
  const rising = new Set([...columns.keys()].filter((column) => RISING.includes(columns[column])))
  const random = xoroshiro128plus(seed)
  const predicted = new Float64Array(samples.length).fill(start)
  const trees: Tree[] = []
  let best = { loss: Infinity, trees: 0 }
  while (trees.length < MAX_TREES && trees.length - best.trees < PATIENCE) {
    const gradients = clippedErrors(targets, predicted, judges)
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
      predicted[sample] += RATE * treeValue(tree, (column) => values[column][sample])
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

/**
 * Holds a tree to what its schema cannot say: every column exists, and every walk ends at a leaf.
 *
 * @throws {LetiError} `usage`
 */
function checkTree(tree: Tree, width: number, place: string): void {
  const { column, bound, left, right, value } = tree
  const size = column.length
  if (!size || [bound, left, right, value].some((list) => list.length !== size)) {
    throw new LetiError('usage', `the lists of "${place}" must have the same length, at least 1`)
  }
  for (let node = 0; node < size; node++) {
    if (column[node] < 0) continue
    // Children follow their parent in the list, so every walk ends.
    const ends = [left[node], right[node]].every((child) => child > node && child < size)
    if (column[node] < width && ends) continue
    const message = `node ${node} of "${place}" must have a known column and later nodes as children`
    throw new LetiError('usage', message)
  }
}
