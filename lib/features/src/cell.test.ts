import type { Arch } from '@leti/records'
import { expect, test } from 'vitest'
import { cellFeatures } from './cell.js'

function cell(operations: readonly string[], edges: readonly (readonly [number, number])[]) {
  const vertices = operations.length + 2
  const module_adjacency = Array.from({ length: vertices }, (_, from) =>
    Array.from({ length: vertices }, (_, to) =>
      Number(edges.some(([a, b]) => a === from && b === to)),
    ),
  )
  const module_operations = ['input', ...operations, 'output']
  return { space: 'nb101', module_adjacency, module_operations } satisfies Arch
}

test('describes the cell without the vertices that lead nowhere', () => {
  const operations = [
    'conv3x3-bn-relu',
    'maxpool3x3',
    'conv1x1-bn-relu',
    'conv3x3-bn-relu',
    'identity',
  ]
  // 0 -> 1 -> 3 -> 6, 0 -> 2 -> 3, 0 -> 4 -> 6; vertex 5 is read by none.
  const arch = cell(operations, [
    [0, 1],
    [0, 2],
    [0, 4],
    [0, 5],
    [1, 3],
    [2, 3],
    [3, 6],
    [4, 6],
  ])
  expect(cellFeatures(arch)).toEqual({
    // 0, 1, 2, 3, 4 and 6 stay, with all edges but 0 -> 5.
    cell_vertices: 6,
    cell_edges: 7,
    // 0 -> 1 -> 3 -> 6.
    cell_depth: 3,
    // 1, 2 and 4 are one edge from the input.
    cell_width: 3,
    cell_conv3x3_bn_relu: 2,
    cell_conv1x1_bn_relu: 1,
    cell_maxpool3x3: 1,
    cell_identity: 0,
    cell_bottleneck3x3: 0,
    cell_bottleneck5x5: 0,
    cell_maxpool3x3_conv1x1: 0,
    cell_conv5x5_bn_relu: 0,
    cell_sepconv3x3_bn_relu: 0,
  })
})

test('a distance is that of the longest path', () => {
  // 0 -> 1 -> 2 -> 3, and the shortcuts 0 -> 2, 0 -> 3, 1 -> 3.
  const arch = cell(
    ['maxpool3x3', 'maxpool3x3'],
    [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ],
  )
  expect(cellFeatures(arch)).toMatchObject({ cell_edges: 6, cell_depth: 3, cell_width: 1 })
})

test('only a cell has these features', () => {
  expect(cellFeatures({ space: 'zoo', name: 'alexnet' })).toEqual({})
})
