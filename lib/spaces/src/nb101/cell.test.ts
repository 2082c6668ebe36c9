import { expect, test } from 'vitest'
import { parseCell } from './cell.js'

test('drops vertices that lie on no path from input to output', () => {
  const matrix = [
    [0, 1, 0, 1, 0],
    [0, 0, 0, 0, 1],
    [0, 0, 0, 0, 1],
    [0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0],
  ]
  // Vertex 2 cannot be reached, vertex 3 leads nowhere.
  const conv = 'conv3x3-bn-relu'
  expect(parseCell(matrix, ['x', conv, 'maxpool3x3', 'maxpool3x3', 'y'])).toEqual({
    matrix: [
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 0],
    ],
    operations: ['input', conv, 'output'],
  })
})

const EDGE = [
  [0, 1],
  [0, 0],
]

test.each([
  ['no matrix', undefined, [], /at least two rows/],
  ['one vertex', [[0]], ['input'], /at least two rows/],
  ['a row too short', [[0, 1], [0]], ['input', 'output'], /square/],
  [
    'other numbers',
    [
      [0, 2],
      [0, 0],
    ],
    ['input', 'output'],
    /only 0 and 1/,
  ],
  [
    'an edge backwards',
    [
      [0, 1],
      [1, 0],
    ],
    ['input', 'output'],
    /upper triangular/,
  ],
  [
    'no path',
    [
      [0, 0],
      [0, 0],
    ],
    ['input', 'output'],
    /cannot be reached/,
  ],
  ['too few operations', EDGE, ['input'], /one operation per vertex: 2/],
  [
    'an unknown operation',
    [
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 0],
    ],
    ['', 'conv9x9', ''],
    /"conv9x9"; known:/,
  ],
])('refuses %s', (_name, matrix, operations, message) => {
  expect(() => parseCell(matrix, operations)).toThrow(message)
})
