import { NetworkBuilder } from '@leti/network'
import { expect, test } from 'vitest'
import { unknownOperators, unknownWork } from './unknown-operators.js'

/** The share of an operator of this name beside a dense layer of 10 x 8 x 4 MACs, whose output it reads. */
function shareOf(
  name: string,
  shape: readonly number[],
  weights: readonly (readonly number[])[] = [],
  computed = 1,
): number {
  const network = new NetworkBuilder()
  const input = network.add('input', { type: 'input', shape: [10, 8] })
  const dense = network.add('dense', { type: 'dense', units: 4, bias: false }, input)
  const stored = weights.map((of, index) =>
    network.add(`weights${index}`, { type: 'constant', shape: of }),
  )
  const read = new Array<number>(computed).fill(dense)
  const unknown = network.add('unknown', { type: 'unknown', name, shape }, ...read, ...stored)
  return unknownOperators(network.build('network', unknown)).macShare
}

const DENSE = 10 * 8 * 4

test.each([
  // 10 positions of 4 x 6; the vector counts as no product.
  ['Custom', [10, 6], [[4, 6], [6]], 1, 10 * 24],
  // 10 steps, each with both matrices.
  [
    'LSTM',
    [10, 1, 6],
    [
      [1, 24, 4],
      [1, 24, 6],
    ],
    1,
    10 * (24 * 4 + 24 * 6),
  ],
  [
    'UNIDIRECTIONAL_SEQUENCE_LSTM',
    [10, 6],
    [
      [6, 4],
      [6, 6],
    ],
    1,
    10 * (24 + 36),
  ],
  // The product of two computed tensors of [10, 4] over 4 numbers.
  ['FusedMatMul', [10, 10], [], 2, 10 * 10 * 4],
  // Each of 10 positions of 4 channels is spread over 2 x 2 x 3.
  ['TransposeBias', [20, 2, 3], [[3, 2, 2, 4]], 1, 10 * 48],
  ['RFFT2D', [10, 3], [], 1, 40 * Math.log2(10)],
  ['Custom', [10, 4], [], 1, 0],
])('the work of %s with the output %j', (name, shape, weights, computed, macs) => {
  expect(shareOf(name, shape, weights, computed)).toBeCloseTo(macs / (macs + DENSE), 10)
})

test('a product of one row with a computed matrix is work', () => {
  const network = new NetworkBuilder()
  const row = network.add('row', { type: 'input', shape: [9216] })
  const matrix = network.add('matrix', { type: 'input', shape: [4096, 9216] })
  const gemm = { type: 'unknown', name: 'Gemm', shape: [4096] } as const
  const product = network.add('product', gemm, row, matrix)
  expect(unknownOperators(network.build('network', product)).macShare).toBe(1)
})

test('unknown operators are counted by name; memory traffic is not unknown', () => {
  const network = new NetworkBuilder()
  const input = network.add('input', { type: 'input', shape: [10, 8] })
  const table = network.add('table', { type: 'constant', shape: [5000, 6] })
  const gather = { type: 'traffic', name: 'Gather', shape: [10, 8, 6] } as const
  const rows = network.add('rows', gather, input, table)
  const custom = { type: 'unknown', name: 'Custom', shape: [10, 6] } as const
  const first = network.add('first', custom, rows)
  const second = network.add('second', custom, first)
  expect(unknownOperators(network.build('network', second))).toEqual({
    count: 2,
    total: 3,
    names: ['Custom'],
    macShare: 0,
  })
  expect(unknownWork(network.build('network', second))).toEqual({
    mac_share: 0,
    operators: ['Custom'],
  })
})

test('a network without unknown operators', () => {
  const network = new NetworkBuilder()
  const input = network.add('input', { type: 'input', shape: [4] })
  const relu = network.add('relu', { type: 'relu' }, input)
  const none = { count: 0, total: 1, names: [], macShare: 0 }
  const built = network.build('network', relu)
  expect(unknownOperators(built)).toEqual(none)
  expect(unknownWork(built)).toBeUndefined()
})
