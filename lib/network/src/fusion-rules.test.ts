import { expect, test } from 'vitest'
import { fuse, fuseBy } from './fuse.js'
import { RUNTIME_FUSION, type FusionRules } from './fusion-rules.js'
import { NetworkBuilder, type Network } from './network.js'

const typesOf = (network: Network, rules: FusionRules) =>
  fuseBy(network, rules).map(({ operator, fused }) => [operator.type, ...fused].join('+'))

/** A residual block: two convolutions, the input added, a ReLU; `late` computes the shortcut last. */
function residual(late: boolean): Network {
  const network = new NetworkBuilder()
  const input = network.add('input', { type: 'input', shape: [8, 8, 4] })
  const shortcut = (): number => network.add('shortcut', { type: 'sigmoid' }, input)
  const before = late ? -1 : shortcut()
  const first = network.convBnRelu('a', input, [3, 3], 4)
  const window = { size: [3, 3], strides: [1, 1], padding: 'same' } as const
  const conv = { type: 'conv2d', filters: 4, window, bias: false } as const
  const second = network.add('b/conv2d', conv, first)
  const norm = network.add('b/batch_norm', { type: 'batch_norm' }, second)
  const added = network.add('add', { type: 'add' }, norm, late ? shortcut() : before)
  return network.build('n', network.add('relu', { type: 'relu' }, added))
}

test('converters fuse activations into convolutions alone', () => {
  const types = ['input', 'sigmoid', 'conv2d+relu', 'conv2d', 'add', 'relu']
  expect(typesOf(residual(false), RUNTIME_FUSION.tfjs)).toEqual(types)
  expect(fuse(residual(false)).map(({ operator }) => operator.type)).toHaveLength(types.length)
})

test('XNNPACK clamps what it pools, and not what it adds', () => {
  const network = new NetworkBuilder()
  const input = network.add('input', { type: 'input', shape: [8, 8, 4] })
  const pooled = network.maxPool('pool', input, [2, 2], [2, 2])
  const clamped = network.add('clamped', { type: 'relu6' }, pooled)
  const sum = network.add('sum', { type: 'add' }, clamped, clamped)
  const relu = network.add('relu', { type: 'relu' }, sum)
  expect(typesOf(network.build('n', relu), RUNTIME_FUSION.litert)).toEqual([
    'input',
    'max_pool+relu6',
    'add',
    'relu',
  ])
})

test('the GPU delegate links what is element by element to what comes before', () => {
  const kernels = fuseBy(residual(false), RUNTIME_FUSION['tflite-gpu'])
  expect(kernels.map(({ operator, fused }) => [operator.type, ...fused].join('+'))).toEqual([
    'input',
    'sigmoid',
    'conv2d+relu',
    'conv2d+add+relu',
  ])
  // The last reads the first convolution and the shortcut.
  expect(kernels[3].inputs).toEqual([2, 1])
  expect(kernels[3].input_bytes).toBe(2 * 4 * 8 * 8 * 4)
})

test('an operator is not fused where the other value that it reads comes later', () => {
  const types = ['input', 'conv2d+relu', 'conv2d', 'sigmoid', 'add+relu']
  expect(typesOf(residual(true), RUNTIME_FUSION['tflite-gpu'])).toEqual(types)
})

test('nothing is fused into what others read too, or into an output', () => {
  const network = new NetworkBuilder()
  const input = network.add('input', { type: 'input', shape: [8, 8, 4] })
  const pooled = network.maxPool('pool', input, [2, 2], [2, 2])
  const relu = network.add('relu', { type: 'relu' }, pooled)
  const sum = network.add('sum', { type: 'add' }, pooled, relu)
  const last = network.add('last', { type: 'sigmoid' }, sum)
  const rules = RUNTIME_FUSION['tflite-gpu']
  expect(typesOf(network.build('n', last), rules)).toEqual([
    'input',
    'max_pool',
    'relu',
    'add+sigmoid',
  ])
  expect(typesOf(network.build('n', sum, last), rules)).toHaveLength(5)
})
