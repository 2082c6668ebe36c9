import { readFileSync } from 'node:fs'
import { networkCost } from '@leti/network'
import { describe, expect, test } from 'vitest'
import { parseCell } from './cell.js'
import { parseConfig } from './config.js'
import { cellNetwork } from './network.js'
import { OPERATION_NAMES } from './operations.js'
import { NOTEBOOK } from './notebook.fixture.js'

interface Golden {
  module_hash: string
  module_adjacency: number[][]
  module_operations: string[]
  trainable_parameters: number
  macs: number
}

/** 40 cells of the public NAS-Bench-101 data: hash and trainable parameters as published. */
const GOLDEN = JSON.parse(
  readFileSync(new URL('../../../../fixtures/nb101-golden.json', import.meta.url), 'utf8'),
) as Golden[]

const costOf = (matrix: unknown, operations: unknown, config?: unknown) =>
  networkCost(cellNetwork(parseCell(matrix, operations), parseConfig(config), 'n'))

test.each(GOLDEN)('$module_hash has its published parameters and MACs', (cell) => {
  const { parameters, macs } = costOf(cell.module_adjacency, cell.module_operations)
  expect({ parameters, macs }).toEqual({ parameters: cell.trainable_parameters, macs: cell.macs })
})

test("the notebook's cell has 2,694,282 trainable parameters", () => {
  expect(costOf(NOTEBOOK.matrix, NOTEBOOK.operations).parameters).toBe(2_694_282)
})

describe('configuration', () => {
  test('members that it lacks have their published values', () => {
    const whole = { stem_filter_size: 128, num_stacks: 3, input_shape: [32, 32, 3] }
    expect(costOf(NOTEBOOK.matrix, NOTEBOOK.operations, whole)).toEqual(
      costOf(NOTEBOOK.matrix, NOTEBOOK.operations),
    )
  })

  test('twice the image is four times the MACs of the convolutions', () => {
    const dense = 512 * 10
    const one = costOf(NOTEBOOK.matrix, NOTEBOOK.operations).macs - dense
    const config = { input_shape: [64, 64, 3] }
    expect(costOf(NOTEBOOK.matrix, NOTEBOOK.operations, config).macs - dense).toBe(4 * one)
  })

  test.each([
    [{ num_stacks: 0 }, /num_stacks must be a positive whole number/],
    [{ depth: 1 }, /unknown config member "depth"/],
    [{ input_shape: [32, 32] }, /input_shape must be/],
  ])('%j is refused', (config, message) => {
    expect(() => parseConfig(config)).toThrow(message)
  })
})

test.each(OPERATION_NAMES)('%s can be the operation of a vertex', (operation) => {
  const matrix = [
    [0, 1, 0],
    [0, 0, 1],
    [0, 0, 0],
  ]
  expect(costOf(matrix, ['input', operation, 'output']).macs).toBeGreaterThan(0)
})
