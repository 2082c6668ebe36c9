import { expect, test } from 'vitest'
import { fuse } from './fuse.js'
import { RUNTIME_FUSION, type FusionRules } from './fusion-rules.js'
import { Layers } from './layers.js'
import type { Network } from './network.js'

const typesOf = (network: Network, rules: FusionRules) =>
  fuse(network, rules).map(({ operator, fused }) => [operator.type, ...fused].join('+'))

/** A residual block: two convolutions, the input added, a ReLU; `late` computes the shortcut last. */
function residual(late: boolean): Network {
  const net = new Layers()
  const input = net.input(8, 8, 4)
  const shortcut = (): number => net.op({ type: 'sigmoid' }, input)
  const before = late ? -1 : shortcut()
  const first = net.convBn(input, 4, { size: 3, act: 'relu' })
  const second = net.convBn(first, 4, { size: 3 })
  const added = net.add(second, late ? shortcut() : before)
  return net.build('n', net.act(added, 'relu'))
}

test('converters fuse activations into convolutions only', () => {
  const types = ['input', 'sigmoid', 'conv2d+relu', 'conv2d', 'add', 'relu']
  expect(typesOf(residual(false), RUNTIME_FUSION.tfjs)).toEqual(types)
  expect(fuse(residual(false)).map(({ operator }) => operator.type)).toHaveLength(types.length)
})

test('XNNPACK fuses clamps into pools but not into sums', () => {
  const net = new Layers()
  const pooled = net.maxPool(net.input(8, 8, 4), { size: 2, stride: 2 })
  const clamped = net.act(pooled, 'relu6')
  const relu = net.act(net.add(clamped, clamped), 'relu')
  expect(typesOf(net.build('n', relu), RUNTIME_FUSION.litert)).toEqual([
    'input',
    'max_pool+relu6',
    'add',
    'relu',
  ])
})

test('the GPU delegate fuses elementwise operators into the operator before them', () => {
  const kernels = fuse(residual(false), RUNTIME_FUSION['tflite-gpu'])
  expect(kernels.map(({ operator, fused }) => [operator.type, ...fused].join('+'))).toEqual([
    'input',
    'sigmoid',
    'conv2d+relu',
    'conv2d+add+relu',
  ])
  // The last kernel reads the first convolution and the shortcut.
  expect(kernels[3].inputs).toEqual([2, 1])
  expect(kernels[3].input_bytes).toBe(2 * 4 * 8 * 8 * 4)
})

test('an operator is not fused if its other input is computed later', () => {
  const types = ['input', 'conv2d+relu', 'conv2d', 'sigmoid', 'add+relu']
  expect(typesOf(residual(true), RUNTIME_FUSION['tflite-gpu'])).toEqual(types)
})

test('no operator is fused into a value with another reader, or into an output', () => {
  const net = new Layers()
  const pooled = net.maxPool(net.input(8, 8, 4), { size: 2, stride: 2 })
  const sum = net.add(pooled, net.act(pooled, 'relu'))
  const last = net.act(sum, 'sigmoid')
  const rules = RUNTIME_FUSION['tflite-gpu']
  expect(typesOf(net.build('n', last), rules)).toEqual(['input', 'max_pool', 'relu', 'add+sigmoid'])
  expect(typesOf(net.build('n', sum, last), rules)).toHaveLength(5)
})
