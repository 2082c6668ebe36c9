import type { Arch } from '@leti/records'
import { expect, test } from 'vitest'
import { graphFeatures } from './graph.js'
import { present } from './small-network.fixture.js'

function nb101(operations: readonly string[], module_adjacency: number[][]): Arch {
  const module_operations = ['input', ...operations, 'output']
  return { space: 'nb101', module_adjacency, module_operations }
}

test('each edge of an NAS-Bench-201 cell is a vertex, and `none` cuts the edges off', () => {
  // Edges of the cell: 0-1 is vertex 1, 0-2 is 2, 1-2 is 3, 0-3 is 4, 1-3 is 5, 2-3 is 6. Vertex 1
  // is read by 3 and 5 alone, which are `none`.
  const arch_str = '|nor_conv_3x3~0|+|nor_conv_3x3~0|none~1|+|skip_connect~0|none~1|nor_conv_1x1~2|'
  const features = graphFeatures({ space: 'nb201', arch_str })
  expect(present(features)).toEqual({
    graph_edge_0_1: 1,
    graph_edge_0_2: 1,
    graph_edge_2_6: 1,
    graph_edge_0_4: 1,
    graph_edge_4_7: 1,
    graph_edge_6_7: 1,
    graph_vertex_0_input: 1,
    graph_vertex_1_nor_conv_3x3: 1,
    graph_vertex_2_nor_conv_3x3: 1,
    graph_vertex_3_none: 1,
    graph_vertex_4_skip_connect: 1,
    graph_vertex_5_none: 1,
    graph_vertex_6_nor_conv_1x1: 1,
    graph_vertex_7_output: 1,
  })
  // 8 vertices: 8 * 7 / 2 pairs, and for each vertex 5 operations, input and output.
  expect(Object.keys(features)).toHaveLength(28 + 8 * 7)
})

test('an NAS-Bench-201 cell without `none` has all of its edges', () => {
  const arch_str =
    '|avg_pool_3x3~0|+|avg_pool_3x3~0|avg_pool_3x3~1|+|avg_pool_3x3~0|avg_pool_3x3~1|avg_pool_3x3~2|'
  const features = graphFeatures({ space: 'nb201', arch_str })
  const edges = Object.keys(present(features)).filter((name) => name.startsWith('graph_edge'))
  // 0-1 leads to 1-2 and 1-3; 0-2 and 1-2 lead to 2-3.
  expect(edges.sort()).toEqual(
    ['0_1', '0_2', '0_4', '1_3', '1_5', '2_6', '3_6', '4_7', '5_7', '6_7'].map(
      (edge) => `graph_edge_${edge}`,
    ),
  )
})

test('an NAS-Bench-101 cell is a graph already, without the vertices that lead nowhere', () => {
  // 0 -> 1 -> 3 -> 4, 0 -> 4; vertex 2 leads nowhere, and 3 and 4 become 2 and 3.
  const arch = nb101(
    ['conv3x3-bn-relu', 'maxpool3x3', 'conv1x1-bn-relu'],
    [
      [0, 1, 1, 0, 1],
      [0, 0, 0, 1, 0],
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 1],
      [0, 0, 0, 0, 0],
    ],
  )
  const features = graphFeatures(arch)
  expect(present(features)).toEqual({
    graph_edge_0_1: 1,
    graph_edge_0_3: 1,
    graph_edge_1_2: 1,
    graph_edge_2_3: 1,
    graph_vertex_0_input: 1,
    graph_vertex_1_conv3x3_bn_relu: 1,
    graph_vertex_2_conv1x1_bn_relu: 1,
    graph_vertex_3_output: 1,
  })
  // 7 vertices: 7 * 6 / 2 pairs, and for each vertex 9 operations, input and output.
  expect(Object.keys(features)).toHaveLength(21 + 7 * 11)
})

test('a cell of more vertices than the published space has is refused', () => {
  // A chain of 8 vertices.
  const chain = Array.from({ length: 8 }, (_, from) =>
    Array.from({ length: 8 }, (_, to) => Number(to === from + 1)),
  )
  const arch = nb101(new Array<string>(6).fill('maxpool3x3'), chain)
  expect(() => graphFeatures(arch)).toThrow(
    expect.objectContaining({ code: 'unsupported' }) as Error,
  )
})

test('only a cell has these features', () => {
  const arch = { space: 'fbnet', ops: new Array<string>(22).fill('k3_e1') }
  expect(graphFeatures(arch)).toEqual({})
})
