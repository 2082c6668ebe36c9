import { NetworkBuilder } from '@leti/network'
import { expect, test } from 'vitest'
import { unknownOperators } from './unknown-operators.js'

test('unknown operators are counted by name, and their MACs by their weights', () => {
  const network = new NetworkBuilder()
  const input = network.add('input', { type: 'input', shape: [10, 8] })
  // 10 positions of 8 x 4.
  const dense = network.add('dense', { type: 'dense', units: 4, bias: false }, input)
  const matrix = network.add('matrix', { type: 'constant', shape: [4, 6] })
  const vector = network.add('vector', { type: 'constant', shape: [6] })
  const unknown = { type: 'unknown', name: 'Recurrent', shape: [10, 6] } as const
  // 10 positions of 4 x 6; the vector counts as no product.
  const recurrent = network.add('recurrent', unknown, dense, matrix, vector)
  const selu = { type: 'unknown', name: 'Selu', shape: [10, 6] } as const
  const first = network.add('first', selu, recurrent)
  const second = network.add('second', selu, first)
  const found = unknownOperators(network.build('network', second))
  expect(found).toMatchObject({ count: 3, total: 4, names: ['Recurrent', 'Selu'] })
  expect(found.macShare).toBeCloseTo(240 / (240 + 320))
})

test('a network without unknown operators', () => {
  const network = new NetworkBuilder()
  const input = network.add('input', { type: 'input', shape: [4] })
  const relu = network.add('relu', { type: 'relu' }, input)
  const none = { count: 0, total: 1, names: [], macShare: 0 }
  expect(unknownOperators(network.build('network', relu))).toEqual(none)
})
