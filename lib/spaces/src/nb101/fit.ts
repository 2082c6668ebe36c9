import { checkCountable } from '@leti/network'
import { LetiError } from '@leti/records'
import type { Cell } from './cell.js'
import type { Cells } from './cells.js'
import type { Config } from './config.js'
import { countEdges, edgeBit, matrixOf, MAX_VERTICES, unpackCell } from './graph.js'
import { cellNetwork } from './network.js'
import { INPUT, OUTPUT } from './operations.js'

/** The most work in nine edges: a chain of 3x3 convolutions, three of which also read the input. */
const LARGEST: Cell = {
  matrix: matrixOf(
    MAX_VERTICES,
    [0, 1, 2, 3, 4, 5].reduce((edges, from) => edges | (1 << edgeBit(from, from + 1)), 0) |
      [2, 3, 4].reduce((edges, to) => edges | (1 << edgeBit(0, to)), 0),
  ),
  operations: [INPUT, ...Array<string>(MAX_VERTICES - 2).fill('conv3x3-bn-relu'), OUTPUT],
}

/**
 * Checks that the cells of the space have networks in a configuration.
 *
 * @throws {LetiError} `bad-arch` if the networks are too large
 */
export function checkSize(config: Config): void {
  checkCell(LARGEST, config)
}

/**
 * Checks that a cell has a network in a configuration.
 *
 * @throws {LetiError} `bad-arch` if the configuration is too narrow for the cell, or the network too large
 */
export function checkCell(cell: Cell, config: Config): void {
  checkCountable(cellNetwork(cell, config, ''))
}

/**
 * Checks that cells have at least one channel for each vertex that feeds the output; `checkCell` does so
 * too, but builds a network.
 *
 * @param numbers numbers of the cells
 * @throws {LetiError} `bad-arch`
 */
export function checkWidth(
  cells: Pick<Cells, 'code' | 'hash'>,
  numbers: Iterable<number>,
  config: Config,
): void {
  const { stem_filter_size } = config
  for (const number of numbers) {
    const feeders = countFeeders(cells.code(number))
    if (feeders <= stem_filter_size) continue
    const hash = cells.hash(number)
    throw new LetiError(
      'bad-arch',
      `a stem of ${stem_filter_size} channels is too narrow: ${feeders} vertices of cell ${hash} share them`,
    )
  }
}

/** How many vertices feed the output and share its channels: all but the input. */
function countFeeders(code: number): number {
  const { vertices, edges } = unpackCell(code)
  const output = vertices - 1
  const between = (1 << (output - 1)) - 1
  return countEdges((edges >>> edgeBit(1, output)) & between)
}
