import { describe, expect, it } from 'vitest'
import type { Features, LetiRecord } from '@leti/records'
import { DEFAULT_SETS, featurizeArch, FEATURE_SETS, type FeatureSetName } from './index.js'

function featurize(record: LetiRecord, sets: readonly FeatureSetName[]): Features {
  return featurizeArch(record, { sets }).features
}

function cell(arch_str: string): LetiRecord {
  return { id: 'cell', arch: { space: 'nb201', arch_str } }
}

/** The features other than 0. */
function present(features: Features): Features {
  return Object.fromEntries(Object.entries(features).filter(([, value]) => value !== 0))
}

// The 3x3 convolution of the edge 0-1 leads nowhere; the others run one after another, past a skip.
// Around the 15 cells stand the stem, 3x3, and two reductions: two 3x3, a 1x1, a pool and a sum each.
const DEAD_END = '|nor_conv_3x3~0|+|nor_conv_3x3~0|none~1|+|skip_connect~0|none~1|nor_conv_1x1~2|'

describe('features of the graph as written and as executed', () => {
  const features = featurize(cell(DEAD_END), FEATURE_SETS)

  it('counts every kernel as written', () => {
    expect(features).toMatchObject({
      kernel_conv2d_3x3_count: 30 + 1 + 4,
      kernel_conv2d_1x1_count: 15 + 2,
      kernel_zeros_count: 30,
    })
  })

  it('leaves out what a converter leaves out', () => {
    expect(features).toMatchObject({
      pruned_conv2d_3x3_count: 15 + 1 + 4,
      executed_conv2d_3x3_count: 15 + 1 + 4,
      executed_conv2d_1x1_count: 15 + 2,
      executed_add_count: 15 + 2,
      executed_zeros_count: 0,
    })
    expect(features.executed_macs).toBeLessThan(features.macs)
  })

  it('follows the longest path', () => {
    expect(features).toMatchObject({
      path_conv2d_3x3_count: 15 + 1 + 4,
      path_conv2d_1x1_count: 15,
      path_add_count: 15 + 2,
    })
    expect(features.path_width).toBeGreaterThan(1)
  })
})

describe('siblings', () => {
  it('counts kernels of a kind that read the same, past activations', () => {
    const both =
      '|nor_conv_3x3~0|+|nor_conv_3x3~0|none~1|+|skip_connect~0|skip_connect~1|nor_conv_1x1~2|'
    expect(featurize(cell(both), ['siblings'])).toEqual({
      sibling_pointwise_count: 0,
      sibling_window_count: 15,
      sibling_pool_count: 0,
    })
  })

  it('takes kernels of different sizes, or of one chain, for none', () => {
    expect(present(featurize(cell(DEAD_END), ['siblings']))).toEqual({})
  })
})

describe('graph', () => {
  it('has a vertex for each edge of an nb201 cell, and nothing behind none', () => {
    expect(present(featurize(cell(DEAD_END), ['graph']))).toEqual({
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
  })

  it('is the pruned cell of nb101', () => {
    const arch = {
      space: 'nb101',
      module_adjacency: [
        [0, 1, 1],
        [0, 0, 1],
        [0, 0, 0],
      ],
      module_operations: ['input', 'conv3x3-bn-relu', 'output'],
    }
    expect(present(featurize({ id: 'cell', arch }, ['graph']))).toEqual({
      graph_edge_0_1: 1,
      graph_edge_0_2: 1,
      graph_edge_1_2: 1,
      graph_vertex_0_input: 1,
      graph_vertex_1_conv3x3_bn_relu: 1,
      graph_vertex_2_output: 1,
    })
  })

  it('is no default, and absent where a network has no cell', () => {
    expect(DEFAULT_SETS).not.toContain('graph')
    const arch = { space: 'fbnet', ops: new Array<string>(22).fill('k3_e1') }
    expect(featurize({ id: 'net', arch }, ['graph'])).toEqual({})
  })
})

describe('stages', () => {
  it('adds up to the whole network', () => {
    const arch = { space: 'fbnet', ops: new Array<string>(22).fill('k3_e6') }
    const features = featurize({ id: 'net', arch }, ['kernels', 'stages'])
    const names = Object.keys(features).filter((name) => /^stage\d+_conv2d_1x1_count$/.test(name))
    const sum = names.reduce((total, name) => total + features[name], 0)
    expect(names.length).toBeGreaterThan(1)
    expect(sum).toBe(features.kernel_conv2d_1x1_count)
  })
})
