import type { Schema, Static } from '@leti/records'
import { MAX_BINS, type Binned } from './bins.js'
import { histogramOf, histogramsOf, type Histogram } from './histogram.js'

const INDEX = { type: 'integer', minimum: -1 } as const

export const TREE = {
  type: 'object',
  description:
    'A decision tree, one entry per node in each list. An inner node has a column, a bound and two ' +
    'children; a leaf has a value.',
  required: ['column', 'bound', 'left', 'right', 'value'],
  properties: {
    column: {
      type: 'array',
      items: INDEX,
      description: 'Index of the column to compare; -1 in a leaf.',
    },
    bound: {
      type: 'array',
      items: { type: 'number' },
      description: 'A value up to the bound goes left.',
    },
    left: { type: 'array', items: INDEX, description: 'Index of the left child; -1 in a leaf.' },
    right: { type: 'array', items: INDEX, description: 'Index of the right child; -1 in a leaf.' },
    value: { type: 'array', items: { type: 'number' }, description: 'Value of a leaf.' },
  },
} as const satisfies Schema

/** A decision tree, one entry per node in each list. */
export type Tree = Static<typeof TREE>

export interface GrowOptions {
  /** Most leaves per tree. */
  readonly leaves: number
  /** Least rows per leaf. */
  readonly minRows: number
  /** L2 penalty: added to the row count when a leaf's value is computed. */
  readonly shrinkage: number
  /** Indices of the columns that the tree may use. */
  readonly columns: readonly number[]
  /** Indices of monotonic columns: the prediction must not fall as they rise. */
  readonly rising: ReadonlySet<number>
}

interface Split {
  readonly column: number
  readonly bin: number
  readonly gain: number
}

interface Leaf {
  readonly node: number
  readonly rows: Int32Array
  readonly histogram: Histogram
  readonly split: Split | undefined
  /** Bounds of the values below the leaf, which keep monotonic columns monotonic. */
  readonly low: number
  readonly high: number
}

/** Grows a tree on negative gradients, splitting the leaf with the largest gain first. */
export function growTree(
  data: Binned,
  gradients: Float64Array,
  rows: Int32Array,
  options: GrowOptions,
): Tree {
  const { bins, bounds } = data
  const tree = { column: [-1], bound: [0], left: [-1], right: [-1], value: [0] }
  const countRows = (own: Int32Array) => histogramOf(data, options.columns, gradients, own)
  const leafOf = (
    node: number,
    own: Int32Array,
    histogram: Histogram,
    low: number,
    high: number,
  ): Leaf => {
    tree.value[node] = clamp(meanOf(gradients, own, options.shrinkage), low, high)
    const split = bestSplit(histogram, bounds, gradients, own, options)
    return { node, rows: own, histogram, split, low, high }
  }
  const open = [leafOf(0, rows, countRows(rows), -Infinity, Infinity)]
  for (let leaves = 1; leaves < options.leaves; leaves++) {
    const gains = open.map(({ split }) => split?.gain ?? 0)
    const best = gains.indexOf(Math.max(...gains))
    const { node, rows: own, histogram, split, low, high } = open[best]
    if (!split) break
    const column = bins[split.column]
    const left = own.filter((row) => column[row] <= split.bin)
    const right = own.filter((row) => column[row] > split.bin)
    const rising = options.rising.has(split.column)
    const values = [left, right].map((part) => meanOf(gradients, part, options.shrinkage))
    const middle = clamp((values[0] + values[1]) / 2, low, high)
    tree.column[node] = split.column
    tree.bound[node] = bounds[split.column][split.bin]
    const histograms = histogramsOf(histogram, [left, right], countRows)
    const children = [left, right].map((part, side) => {
      const child = tree.column.length
      for (const list of [tree.column, tree.left, tree.right]) list.push(-1)
      tree.bound.push(0)
      tree.value.push(0)
      const [least, most] = !rising ? [low, high] : side ? [middle, high] : [low, middle]
      return leafOf(child, part, histograms[side], least, most)
    })
    tree.left[node] = children[0].node
    tree.right[node] = children[1].node
    open.splice(best, 1, ...children)
  }
  return tree
}

/**
 * The value of the leaf that a row falls into.
 *
 * @param valueOf the row's value in a column
 */
export function treeValue(tree: Tree, valueOf: (column: number) => number): number {
  let node = 0
  while (tree.column[node] >= 0) {
    const isLeft = valueOf(tree.column[node]) <= tree.bound[node]
    node = isLeft ? tree.left[node] : tree.right[node]
  }
  return tree.value[node]
}

function bestSplit(
  { sums, counts }: Histogram,
  bounds: Binned['bounds'],
  gradients: Float64Array,
  rows: Int32Array,
  { columns, minRows, shrinkage, rising }: GrowOptions,
): Split | undefined {
  let best: Split | undefined
  let most = 1e-12
  const total = rows.reduce((sum, row) => sum + gradients[row], 0)
  const whole = (total * total) / (rows.length + shrinkage)
  columns.forEach((column, index) => {
    const cuts = bounds[column].length
    let sum = 0
    let count = 0
    for (let bin = 0, at = index * MAX_BINS; bin < cuts; bin++, at++) {
      sum += sums[at]
      count += counts[at]
      const others = rows.length - count
      if (count < minRows) continue
      if (others < minRows) break
      const rest = total - sum
      if (rising.has(column) && sum / count > rest / others) continue
      const gain = sum ** 2 / (count + shrinkage) + rest ** 2 / (others + shrinkage) - whole
      if (gain > most) {
        best = { column, bin, gain }
        most = gain
      }
    }
  })
  return best
}

function meanOf(gradients: Float64Array, rows: Int32Array, shrinkage: number): number {
  return rows.reduce((sum, row) => sum + gradients[row], 0) / (rows.length + shrinkage)
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value))
}
