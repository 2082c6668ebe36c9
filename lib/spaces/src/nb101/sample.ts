import { LetiError } from '@leti/records'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'
import { CELL_COUNT, type AfterGraph, type Cells } from './cells.js'
import type { Config } from './config.js'
import { countEdges, labelsOf, unpackCell } from './graph.js'
import { macsOfCells } from './macs.js'
import { PUBLISHED_OPERATIONS } from './operations.js'
import type { Stratification } from './stratifications.js'

/** Conditions on cells; absent members do not restrict. */
export interface CellFilter {
  readonly vertices?: ReadonlySet<number>
  readonly edges?: ReadonlySet<number>
  /** The only operations that the cell may use. */
  readonly operations?: readonly string[]
  /** Numbers of excluded cells. */
  readonly exclude?: ReadonlySet<number>
}

/** The numbers of the cells that pass the filter, ascending. */
export function selectCells(cells: Cells, filter: CellFilter): Int32Array {
  const { operations, exclude } = filter
  const allowed = PUBLISHED_OPERATIONS.map((name) => operations?.includes(name) ?? true)
  const selected = new Int32Array(CELL_COUNT)
  let count = 0
  for (let cell = 0; cell < CELL_COUNT; cell++) {
    const { vertices, edges, labeling } = unpackCell(cells.code(cell))
    if (filter.vertices && !filter.vertices.has(vertices)) continue
    if (filter.edges && !filter.edges.has(countEdges(edges))) continue
    if (operations && !labelsOf(vertices, labeling).every((label) => allowed[label])) continue
    if (!exclude?.has(cell)) selected[count++] = cell
  }
  return selected.subarray(0, count)
}

/** Number of strata by MACs, which have equal numbers of cells. */
const QUANTILES = 10

/**
 * Divides cells into strata by their number of vertices or edges, or into tenths by the MACs of their
 * networks.
 *
 * @param numbers numbers of the cells, ascending
 * @returns the strata in ascending order of their key
 */
export async function stratify(
  cells: Cells,
  numbers: Int32Array,
  by: Stratification,
  config: Config,
  afterGraph?: AfterGraph,
): Promise<Int32Array[]> {
  if (by === 'macs')
    return quantiles(numbers, await macsOfCells(cells, numbers, config, afterGraph))
  const strata = new Map<number, number[]>()
  for (const cell of numbers) {
    const { vertices, edges } = unpackCell(cells.code(cell))
    const key = by === 'vertices' ? vertices : countEdges(edges)
    const stratum = strata.get(key)
    if (stratum) stratum.push(cell)
    else strata.set(key, [cell])
  }
  return [...strata].sort(([a], [b]) => a - b).map(([, stratum]) => Int32Array.from(stratum))
}

/** Parts of equal size by ascending key; cells with equal keys are in order of their numbers. */
function quantiles(numbers: Int32Array, keys: Float64Array): Int32Array[] {
  const order = Int32Array.from(numbers.keys()).sort((a, b) => keys[a] - keys[b] || a - b)
  const ranked = order.map((index) => numbers[index])
  const bound = (part: number): number => Math.floor((part * numbers.length) / QUANTILES)
  return Array.from({ length: QUANTILES }, (_, part) => ranked.slice(bound(part), bound(part + 1)))
}

/**
 * Draws cells at random without replacement. The strata take turns until they run out, so that all have
 * equal shares in any first part of the result. A longer draw with the same seed begins with the same
 * cells.
 *
 * @param strata shuffled in place
 * @throws {LetiError} `usage` if there are fewer cells than `count`
 */
export function drawCells(strata: readonly Int32Array[], count: number, seed: number): number[] {
  const available = strata.reduce((sum, stratum) => sum + stratum.length, 0)
  if (count > available) {
    throw new LetiError(
      'usage',
      `cannot draw ${count} cells: there are only ${available} to draw from`,
    )
  }
  const random = mersenne(seed)
  const drawn: number[] = []
  // A partial Fisher-Yates shuffle of each stratum: drawn cells are before index `round`.
  for (let round = 0; drawn.length < count; round++) {
    for (const stratum of strata) {
      if (round >= stratum.length || drawn.length === count) continue
      const chosen = uniformInt(random, round, stratum.length - 1)
      drawn.push(stratum[chosen])
      stratum[chosen] = stratum[round]
    }
  }
  return drawn
}
