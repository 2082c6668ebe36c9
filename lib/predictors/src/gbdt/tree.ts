import type { Schema, Static } from '@leti/records'

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

/** Columns discretized into bins, so that splits are found with histograms. */
export interface Binned {
  /** For each column, the bin of each row. */
  readonly bins: readonly Uint8Array[]
  /** For each column, the upper bounds of all bins but the last. */
  readonly bounds: readonly (readonly number[])[]
}

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

const MAX_BINS = 64

/** Discretizes each column at quantiles of its values. */
export function binned(columns: readonly Float64Array[]): Binned {
  const bounds = columns.map((values) => {
    const distinct = [...new Set(values)].sort((a, b) => a - b)
    if (distinct.length <= MAX_BINS) {
      return distinct.slice(1).map((value, i) => (value + distinct[i]) / 2)
    }
    const sorted = Float64Array.from(values).sort()
    const cuts = Array.from(
      { length: MAX_BINS - 1 },
      (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / MAX_BINS)],
    )
    return [...new Set(cuts)]
  })
  const bins = columns.map((values, column) =>
    Uint8Array.from(values, (value) => binOf(value, bounds[column])),
  )
  return { bins, bounds }
}

function binOf(value: number, bounds: readonly number[]): number {
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= bounds[middle]) high = middle
    else low = middle + 1
  }
  return low
}

interface Split {
  readonly column: number
  readonly bin: number
  readonly gain: number
}

interface Leaf {
  readonly node: number
  readonly rows: Int32Array
  readonly split: Split | undefined
  /** Bounds of the values below the leaf, which keep monotonic columns monotonic. */
  readonly low: number
  readonly high: number
}

/** Grows a tree on negative gradients, splitting the leaf with the largest gain first. */
export function growTree(
  { bins, bounds }: Binned,
  gradients: Float64Array,
  rows: Int32Array,
  options: GrowOptions,
): Tree {
  const tree = { column: [-1], bound: [0], left: [-1], right: [-1], value: [0] }
  const leafOf = (node: number, own: Int32Array, low: number, high: number): Leaf => {
    tree.value[node] = clamp(meanOf(gradients, own, options.shrinkage), low, high)
    return { node, rows: own, split: bestSplit(bins, bounds, gradients, own, options), low, high }
  }
  const open = [leafOf(0, rows, -Infinity, Infinity)]
  for (let leaves = 1; leaves < options.leaves; leaves++) {
    const gains = open.map(({ split }) => split?.gain ?? 0)
    const best = gains.indexOf(Math.max(...gains))
    const { node, rows: own, split, low, high } = open[best]
    if (!split) break
    const column = bins[split.column]
    const left = own.filter((row) => column[row] <= split.bin)
    const right = own.filter((row) => column[row] > split.bin)
    const rising = options.rising.has(split.column)
    const values = [left, right].map((part) => meanOf(gradients, part, options.shrinkage))
    const middle = clamp((values[0] + values[1]) / 2, low, high)
    tree.column[node] = split.column
    tree.bound[node] = bounds[split.column][split.bin]
    const children = [left, right].map((part, side) => {
      const child = tree.column.length
      for (const list of [tree.column, tree.left, tree.right]) list.push(-1)
      tree.bound.push(0)
      tree.value.push(0)
      if (!rising) return leafOf(child, part, low, high)
      return side ? leafOf(child, part, middle, high) : leafOf(child, part, low, middle)
    })
    tree.left[node] = children[0].node
    tree.right[node] = children[1].node
    open.splice(best, 1, ...children)
  }
  return tree
}

/** The value of the leaf that a row falls into. */
export function treeValue(tree: Tree, row: ArrayLike<number>): number {
  let node = 0
  while (tree.column[node] >= 0) {
    node = row[tree.column[node]] <= tree.bound[node] ? tree.left[node] : tree.right[node]
  }
  return tree.value[node]
}

function bestSplit(
  bins: Binned['bins'],
  bounds: Binned['bounds'],
  gradients: Float64Array,
  rows: Int32Array,
  { columns, minRows, shrinkage, rising }: GrowOptions,
): Split | undefined {
  let best: Split | undefined
  const total = rows.reduce((sum, row) => sum + gradients[row], 0)
  const whole = (total * total) / (rows.length + shrinkage)
  const own = Float64Array.from(rows, (row) => gradients[row])
  const sums = new Float64Array(MAX_BINS)
  const counts = new Int32Array(MAX_BINS)
  for (const column of columns) {
    const inBin = bins[column]
    const cuts = bounds[column].length
    sums.fill(0)
    counts.fill(0)
    for (let i = 0; i < rows.length; i++) {
      const bin = inBin[rows[i]]
      sums[bin] += own[i]
      counts[bin]++
    }
    let sum = 0
    let count = 0
    for (let bin = 0; bin < cuts; bin++) {
      sum += sums[bin]
      count += counts[bin]
      const others = rows.length - count
      if (count < minRows) continue
      if (others < minRows) break
      const rest = total - sum
      if (rising.has(column) && sum / count > rest / others) continue
      const gain = sum ** 2 / (count + shrinkage) + rest ** 2 / (others + shrinkage) - whole
      if (gain > (best?.gain ?? 1e-12)) best = { column, bin, gain }
    }
  }
  return best
}

function meanOf(gradients: Float64Array, rows: Int32Array, shrinkage: number): number {
  return rows.reduce((sum, row) => sum + gradients[row], 0) / (rows.length + shrinkage)
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value))
}
