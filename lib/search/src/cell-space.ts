import { asLetiError, type LetiRecord } from '@leti/records'
import {
  CELL_COUNT,
  MAX_EDGES,
  MAX_VERTICES,
  parseCell,
  PUBLISHED_OPERATIONS,
  recordOfCell,
  RecordWriter,
  type Cell,
  type Cells,
  type Config,
} from '@leti/spaces'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import type { SearchSpace } from './space.js'

/** The operations of a cell lie between its input and its output. */
const INNER = MAX_VERTICES - 2

/**
 * NAS-Bench-101, drawn and mutated as its authors do: on the matrix of seven vertices before it is pruned,
 * each edge flips with the probability 1/7, and each operation becomes another one with 1/5.
 * https://github.com/google-research/nasbench/blob/master/NASBench.ipynb
 *
 * @param cells absent if the space is not to be listed
 */
export function cellSpace(config: Config, cells?: Cells): SearchSpace<Cell> {
  return {
    draw: drawCell,
    mutate: mutatedCell,
    record: (genes) => recordOf(genes, config),
    ...(cells && { all: () => allCells(cells, config), count: CELL_COUNT }),
  }
}

function* allCells(cells: Cells, config: Config): Generator<LetiRecord> {
  const writer = new RecordWriter(cells, config)
  for (let cell = 0; cell < CELL_COUNT; cell++) {
    yield JSON.parse(writer.text(cell)) as LetiRecord
  }
}

function drawCell(random: RandomGenerator): Cell {
  const operations = Array.from({ length: INNER }, () => oneOf(PUBLISHED_OPERATIONS, random))
  return cellOf(() => uniformInt(random, 0, 1), operations)
}

function mutatedCell({ matrix, operations }: Cell, random: RandomGenerator): Cell {
  const flips = (): number => (uniformInt(random, 1, MAX_VERTICES) === 1 ? 1 : 0)
  const edge = (from: number, to: number): number => matrix[from][to] ^ flips()
  const changed = operations.slice(1, -1).map((operation) => {
    if (uniformInt(random, 1, INNER) > 1) return operation
    return oneOf(
      PUBLISHED_OPERATIONS.filter((other) => other !== operation),
      random,
    )
  })
  return cellOf(edge, changed)
}

function cellOf(edge: (from: number, to: number) => number, inner: readonly string[]): Cell {
  const vertices = [...Array(MAX_VERTICES).keys()]
  return {
    matrix: vertices.map((from) => vertices.map((to) => (from < to ? edge(from, to) : 0))),
    operations: ['input', ...inner, 'output'],
  }
}

function oneOf(names: readonly string[], random: RandomGenerator): string {
  return names[uniformInt(random, 0, names.length - 1)]
}

function recordOf({ matrix, operations }: Cell, config: Config): LetiRecord | undefined {
  let cell: Cell
  try {
    cell = parseCell(matrix, operations)
  } catch (error) {
    if (asLetiError(error)) return undefined
    throw error
  }
  const edges = cell.matrix.flat().reduce((sum, edge) => sum + edge, 0)
  return edges <= MAX_EDGES ? recordOfCell(cell, config) : undefined
}
