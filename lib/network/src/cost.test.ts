import { expect, test } from 'vitest'
import { operatorCosts } from './cost.js'
import { fuse } from './fuse.js'
import { Layers } from './layers.js'
import { networkCost } from './network-cost.js'
import { NetworkBuilder } from './network.js'

/** 8x8x4 image, 3x3 depthwise convolution, 1x1 convolution to 6 channels, pooling, dense layer. */
function separable() {
  const net = new Layers()
  const depthwise = net.depthwiseBn(net.input(8, 8, 4), { size: 3, act: 'relu' })
  const pointwise = net.convBn(depthwise, 6, { act: 'relu' })
  return net.build('n', net.classifier(pointwise, 2))
}

test('counts multiply-accumulates, trainable parameters and bytes', () => {
  const { macs, parameters, weight_bytes } = networkCost(separable())
  expect(macs).toBe(64 * 9 * 4 + 64 * 4 * 6 + 6 * 2)
  // Each batch norm trains two numbers per channel and stores two more.
  expect(parameters).toBe(9 * 4 + 2 * 4 + 4 * 6 + 2 * 6 + 6 * 2 + 2)
  expect(weight_bytes).toBe(4 * (parameters + 2 * 4 + 2 * 6))
})

test('gives the cost of each operator', () => {
  const network = separable()
  const costs = operatorCosts(network)
  expect(costs).toHaveLength(network.nodes.length)
  expect(costs[1]).toEqual({
    macs: 64 * 36,
    parameters: 36,
    activation_bytes: 1024,
    weight_bytes: 144,
  })
})

test('fuses batch norm and activation into the operator before them', () => {
  const kernels = fuse(separable())
  expect(kernels.map(({ operator }) => operator.type)).toEqual([
    'input',
    'depthwise_conv2d',
    'conv2d',
    'global_avg_pool',
    'dense',
  ])
  expect(kernels[2]).toMatchObject({
    bias: true,
    activation: 'relu',
    inputs: [1],
    input_bytes: 8 * 8 * 4 * 4,
    output_bytes: 8 * 8 * 6 * 4,
    weight_bytes: (4 * 6 + 6) * 4,
  })
  expect(kernels[4].activation).toBeUndefined()
})

test('does not fuse an activation if its input has another reader', () => {
  const network = new NetworkBuilder()
  const input = network.add('input', { type: 'input', shape: [4, 4, 2] })
  const window = { size: [1, 1], strides: [1, 1], padding: 'same' } as const
  const conv = network.add('conv', { type: 'conv2d', filters: 2, window, bias: true }, input)
  const relu = network.add('relu', { type: 'relu' }, conv)
  const sum = network.add('add', { type: 'add' }, conv, relu)
  const types = fuse(network.build('n', sum)).map(({ operator }) => operator.type)
  expect(types).toEqual(['input', 'conv2d', 'relu', 'add'])
})

test('inputs whose shapes do not fit are refused', () => {
  const network = new NetworkBuilder()
  const a = network.add('a', { type: 'input', shape: [4, 4, 2] })
  const b = network.add('b', { type: 'input', shape: [4, 4, 3] })
  expect(() => network.add('sum', { type: 'add' }, a, b)).toThrow('[4, 4, 2], [4, 4, 3]')
})
