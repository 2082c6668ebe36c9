import { LetiError } from '@leti/records'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'
import { CELL_COUNT, type AfterGraph, type Cells } from './cells.js'
import type { Config } from './config.js'
import { countEdges, labelsOf, unpackCell } from './graph.js'
import { macsOfCells } from './macs.js'
import { PUBLISHED_OPERATIONS } from './operations.js'

/** Which cells are wanted; what is absent does not matter. */
export interface CellFilter {
  readonly vertices?: ReadonlySet<number>
  readonly edges?: ReadonlySet<number>
  /** The cell uses no others. */
  readonly operations?: readonly string[]
  /** Numbers of cells that are not wanted. */
  readonly exclude?: ReadonlySet<number>
}

/** The numbers of the cells that pass the filter, ascending. */
export function selectCells(cells: Cells, filter: CellFilter): Int32Array {
  const { operations, exclude } = filter
  const allowed = PUBLISHED_OPERATIONS.map((name) => operations?.includes(name) ?? true)
  const selected = new Int32Array(CELL_COUNT)
  let count = 0
  for (let cell = 0; cell < CELL_COUNT; cell++) {
    const { vertices, edges, labelling } = unpackCell(cells.code(cell))
    if (filter.vertices && !filter.vertices.has(vertices)) continue
    if (filter.edges && !filter.edges.has(countEdges(edges))) continue
    if (operations && !labelsOf(vertices, labelling).every((label) => allowed[label])) continue
    if (!exclude?.has(cell)) selected[count++] = cell
  }
  return selected.subarray(0, count)
}

export const STRATIFICATIONS = ['vertices', 'edges', 'macs'] as const

export type Stratification = (typeof STRATIFICATIONS)[number]

/** Into how many parts of equal size the range of MACs is divided. */
const QUANTILES = 10

/**
 * Divides cells by the number of their vertices or edges, or into tenths by the MACs of their
 * networks; the strata stand in ascending order.
 *
 * @param numbers of cells, ascending
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

/** Parts of equal size by ascending key; of equal keys the lower number comes first. */
function quantiles(numbers: Int32Array, keys: Float64Array): Int32Array[] {
  const order = Int32Array.from(numbers.keys()).sort((a, b) => keys[a] - keys[b] || a - b)
  const ranked = order.map((index) => numbers[index])
  const bound = (part: number): number => Math.floor((part * numbers.length) / QUANTILES)
  return Array.from({ length: QUANTILES }, (_, part) => ranked.slice(bound(part), bound(part + 1)))
}

/**
 * Draws cells at random without replacement, from the strata in turn while they last, so that every
 * stratum has an equal share of any beginning of the result. What a seed draws first does not depend
 * on how many are drawn.
 *
 * @param strata are left shuffled
 * @throws {LetiError} `usage` where there are fewer cells than are wanted
 */
export function drawCells(strata: readonly Int32Array[], count: number, seed: number): number[] {
  const available = strata.reduce((sum, stratum) => sum + stratum.length, 0)
  if (count > available) {
    throw new LetiError('usage', `${count} cells are wanted, there are only ${available}`)
  }
  const random = mersenne(seed)
  const drawn: number[] = []
  // Partial Fisher-Yates shuffles, all strata in step: what is drawn stands before `round`.
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
