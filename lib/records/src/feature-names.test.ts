import { describe, expect, it } from 'vitest'
import {
  edgeFeatureName,
  EXECUTED_MACS,
  kernelFeatureName,
  parseEdgeName,
  parseFeatureName,
  parseVertexName,
  vertexFeatureName,
} from './feature-names.js'

describe('parseFeatureName', () => {
  it.each([
    ['kernel_conv2d_3x3_macs', { scope: 'kernel', operator: 'conv2d', quantity: 'macs' }],
    [
      'executed_depthwise_conv2d_other_input_bytes',
      { scope: 'executed', operator: 'depthwise_conv2d', quantity: 'input_bytes' },
    ],
    ['stage12_add_count', { scope: 'stage', operator: 'add', quantity: 'count' }],
    ['executed_macs', { scope: 'executed', quantity: 'macs' }],
    ['path_width', { scope: 'path', quantity: 'width' }],
    ['operator_dense_count', { scope: 'operator', operator: 'dense', quantity: 'count' }],
    ['sibling_pointwise_count', { scope: 'sibling' }],
    ['choice_block3_k5_e6', { scope: 'choice' }],
    ['cell_depth', { scope: 'cell' }],
    ['graph_edge_0_1', { scope: 'graph' }],
    ['macs', {}],
    ['stage_add_count', {}],
    ['kernels', {}],
  ])('%s', (name, expected) => {
    expect(parseFeatureName(name)).toEqual(expected)
  })

  it('reads what the builders write', () => {
    const name = kernelFeatureName('stage3', 'max_pool_3x3', 'count')
    expect(name).toBe('stage3_max_pool_3x3_count')
    expect(parseFeatureName(name)).toEqual({
      scope: 'stage',
      operator: 'max_pool',
      quantity: 'count',
    })
    expect(EXECUTED_MACS).toBe('executed_macs')
  })
})

describe('names of a graph', () => {
  it('reads edges', () => {
    expect(edgeFeatureName(2, 13)).toBe('graph_edge_2_13')
    expect(parseEdgeName('graph_edge_2_13')).toEqual({ from: 2, to: 13 })
    expect(parseEdgeName('graph_vertex_2_input')).toBeUndefined()
  })

  it('reads vertices', () => {
    expect(vertexFeatureName(1, 'conv3x3-bn-relu')).toBe('graph_vertex_1_conv3x3_bn_relu')
    expect(parseVertexName('graph_vertex_1_conv3x3_bn_relu')).toEqual({
      vertex: 1,
      operation: 'conv3x3_bn_relu',
    })
    expect(parseVertexName('graph_edge_2_13')).toBeUndefined()
  })
})
