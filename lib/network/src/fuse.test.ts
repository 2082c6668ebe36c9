import { expect, test } from 'vitest'
import { fuse } from './fuse.js'
import { TFLITE_FILES } from './fusion-rules.js'
import { networkCost } from './network-cost.js'
import { NetworkBuilder } from './network.js'
import type { Shape } from './operators/index.js'

const IMAGE: Shape = [9, 7, 4]
const WINDOW = { size: [3, 3], strides: [1, 1], padding: 'same' } as const
const CONV = { type: 'conv2d', filters: 4, window: WINDOW, bias: true } as const

test.each([
  ['relu6', ['input', 'conv2d']],
  ['hard_swish', ['input', 'conv2d', 'hard_swish']],
] as const)('converters fuse %s into a convolution, or leave it alone', (type, expected) => {
  const network = new NetworkBuilder()
  const image = network.add('image', { type: 'input', shape: IMAGE })
  const last = network.add('act', { type }, network.add('conv', CONV, image))
  const kernels = fuse(network.build('n', last))
  expect(kernels.map(({ operator }) => operator.type)).toEqual(expected)
  expect(kernels[kernels.length - 1].node).toBe(last)
})

test('an activation is fused into an addition only if the rules say so', () => {
  const network = new NetworkBuilder()
  const image = network.add('image', { type: 'input', shape: IMAGE })
  const constant = network.add('constant', { type: 'constant', shape: [4] })
  const sum = network.add('sum', { type: 'add' }, image, constant)
  const built = network.build('n', network.add('relu', { type: 'relu' }, sum))
  expect(fuse(built)).toHaveLength(4)
  const kernels = fuse(built, TFLITE_FILES)
  expect(kernels).toHaveLength(3)
  expect(kernels[2]).toMatchObject({ activation: 'relu', inputs: [0, 1] })
  // A constant is a weight: it is neither read nor written as an activation.
  expect(kernels[1]).toMatchObject({ weight_bytes: 16, output_bytes: 0 })
  expect(kernels[2].input_bytes).toBe(4 * 9 * 7 * 4)
  expect(networkCost(built, kernels).peak_memory_bytes).toBe(2 * 4 * 9 * 7 * 4)
})

test('an output of the network is not fused away', () => {
  const network = new NetworkBuilder()
  const image = network.add('image', { type: 'input', shape: IMAGE })
  const raw = network.add('conv', CONV, image)
  const relu = network.add('relu', { type: 'relu' }, raw)
  expect(fuse(network.build('n', raw, relu))).toHaveLength(3)
  expect(fuse(network.build('n', relu))).toHaveLength(2)
})
